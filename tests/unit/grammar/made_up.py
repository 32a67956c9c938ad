"""Make up texts that a pattern may find, from the tree that the standard library parses it into."""

import random  # noqa: TID251  seeded: the same texts each time
import re
from typing import Any

PARSER: Any = re._parser  # type: ignore[attr-defined]
_OTHERS = "abcxyz059 -.,:/'%ABC年月日周天前后一二三十万公司"
_MOST_REPEATS = 4


def texts_for(pattern: str, flags: int, number: int) -> list[str]:
    """As many texts, the same ones each time; what looks around is not looked at, so that some are not found."""
    chance = random.Random(pattern)
    tree = PARSER.parse(pattern, flags)
    return [_text(tree, chance, {}) for _ in range(number)]


def _text(tree: Any, chance: random.Random, groups: dict[int | None, str]) -> str:
    return "".join(_part(str(operation), argument, chance, groups) for operation, argument in tree)


def _part(name: str, argument: Any, chance: random.Random, groups: dict[int | None, str]) -> str:
    match name:
        case "LITERAL":
            return chr(argument)
        case "IN":
            return _one_of(argument, chance)
        case "BRANCH":
            return _text(chance.choice(argument[1]), chance, groups)
        case "SUBPATTERN":
            groups[argument[0]] = _text(argument[-1], chance, groups)
            return groups[argument[0]]
        case "GROUPREF":
            return groups.get(argument, "")
        case "ATOMIC_GROUP":
            return _text(argument, chance, groups)
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, most, body = argument
            times = chance.randint(least, min(most, least + _MOST_REPEATS))
            return "".join(_text(body, chance, groups) for _ in range(times))
        case "ANY" | "NOT_LITERAL":
            return chance.choice(_OTHERS)
        case _:
            return ""


def _one_of(members: Any, chance: random.Random) -> str:
    """A character of a set; of the classes and of sets that leave out only some that are listed above."""
    kinds = [(str(operation), argument) for operation, argument in members]
    if kinds[0][0] == "NEGATE" or any(kind == "CATEGORY" for kind, _ in kinds):
        return chance.choice([char for char in _OTHERS if _is_in(kinds, char)] or [""])
    kind, argument = chance.choice(kinds)
    return chr(argument) if kind == "LITERAL" else chr(chance.randint(*argument))


_CLASSES = {"DIGIT": r"\d", "WORD": r"\w", "SPACE": r"\s", "NOT_DIGIT": r"\D", "NOT_WORD": r"\W", "NOT_SPACE": r"\S"}


def _is_in(kinds: list[tuple[str, Any]], char: str) -> bool:
    inside = any(
        (kind == "LITERAL" and chr(argument) == char)
        or (kind == "RANGE" and chr(argument[0]) <= char <= chr(argument[1]))
        or (kind == "CATEGORY" and re.match(_CLASSES[str(argument).removeprefix("CATEGORY_")], char) is not None)
        for kind, argument in kinds
    )
    return inside != (kinds[0][0] == "NEGATE")
