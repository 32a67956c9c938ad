"""Notice days of the lunar calendar and of reigns (腊月廿三, 大年三十), to ask about them and never guess."""

from handlers.grammar.years_zh import NUMBERED

_NUMERAL = "一二三四五六七八九十"
_ERA = rf"(?:{NUMBERED}|[\u4e00-\u9fff]{{2}}[元{_NUMERAL}]{{1,3}}年)?"
_CALENDAR = r"(?:农历|農曆|农曆|阴历|陰曆|旧历|舊曆)"
_FIRST_TEN = rf"初[{_NUMERAL}](?![定起共次回步期个個周週折方家台套])"
_DAY = rf"(?:{_FIRST_TEN}|[廿卅]?[{_NUMERAL}]{{1,3}})日?"
_LUNAR_MONTH = rf"(?:闰[{_NUMERAL}]{{1,2}}|[正腊臘冬])月"
_MONTH = rf"(?:[{_NUMERAL}]{{1,2}}|[0-9]{{1,2}})月"

# The characters without any of which a pattern finds nothing, and the pattern.
LUNAR = {
    "历曆": rf"{_ERA}{_CALENDAR}(?:{NUMBERED})?(?:(?:{_LUNAR_MONTH}|{_MONTH})(?:{_DAY})?|{_FIRST_TEN})",
    "正腊臘冬闰": rf"{_ERA}{_LUNAR_MONTH}(?:{_DAY}|[底中末])",
    "初": rf"{_ERA}{_MONTH}{_FIRST_TEN}",
    "大": rf"{_ERA}大年(?:{_FIRST_TEN}|三十)",
}
