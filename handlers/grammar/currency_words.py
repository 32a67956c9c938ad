"""List currencies by code, symbol and word; a family such as $ or ¥ stands for several."""

from handlers.grammar.words import word_set

CODES = word_set(
    "AED ARS AUD BDT BGN BHD BRL CAD CHF CLP CNY COP CZK DKK DZD EGP EUR GBP GHS HKD HUF IDR ILS INR IQD ISK JOD "
    "JPY KES KHR KRW KWD KZT LKR MAD MMK MNT MOP MXN MYR NGN NOK NPR NZD OMR PEN PHP PKR PLN QAR RON RSD RUB SAR "
    "SEK SGD THB TND TRY TWD UAH UYU VND XAF XOF ZAR USD CNH RMB NTD"
)
WORDLIKE = frozenset({"TRY", "PEN", "MOP", "MAD", "RON", "COP"})
_RENAMED = {"RMB": "CNY", "CNH": "CNY", "NTD": "TWD"}

DOLLAR = "$"
YEN = "¥"
YUAN = "元"
_RUPEE = "rupee"
_PESO = "peso"
_KRONE = "kr"

FAMILIES = {
    DOLLAR: (frozenset({"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD"}), "USD"),
    YEN: (frozenset({"JPY"}), "CNY"),
    YUAN: (frozenset({"TWD", "HKD"}), "CNY"),
    _RUPEE: (frozenset({"INR", "PKR", "LKR", "NPR"}), "INR"),
    _PESO: (frozenset({"MXN", "PHP", "COP", "CLP", "ARS", "UYU"}), "MXN"),
    _KRONE: (frozenset({"SEK", "NOK", "DKK", "ISK"}), "SEK"),
}

WORDS = {
    **dict.fromkeys(("$", "dollar", "dollars", "buck", "bucks"), DOLLAR),
    **dict.fromkeys(("¥", "￥"), YEN),
    **dict.fromkeys(("元", "块钱", "塊錢", "块", "塊", "圆", "圓", "元整"), YUAN),
    **dict.fromkeys(("rs.", "rs", "rupee", "rupees", "卢比", "盧比"), _RUPEE),
    **dict.fromkeys(("peso", "pesos", "比索"), _PESO),
    **dict.fromkeys(("kr", "kr.", "krona", "krone", "kronor", "kroner", "克朗"), _KRONE),
    **dict.fromkeys(("us$", "usd$", "刀", "美金", "美元", "美刀", "美圆", "u.s. dollars", "american dollars"), "USD"),
    **dict.fromkeys(("€", "euro", "euros", "欧元", "歐元", "欧"), "EUR"),
    **dict.fromkeys(("£", "pound", "pounds", "quid", "sterling", "pounds sterling", "british pounds"), "GBP"),
    **dict.fromkeys(("英镑", "英鎊", "镑", "鎊"), "GBP"),
    **dict.fromkeys(("yuan", "renminbi", "kuai", "chinese yuan", "人民币", "人民幣", "cn¥", "rmb¥", "软妹币"), "CNY"),
    **dict.fromkeys(("yen", "japanese yen", "日元", "日圆", "日圓", "日币", "日幣", "円", "jp¥"), "JPY"),
    **dict.fromkeys(("hk$", "hk dollars", "hong kong dollars", "港币", "港幣", "港元", "港纸", "港紙", "蚊"), "HKD"),
    **dict.fromkeys(
        ("nt$", "nt dollars", "taiwan dollars", "台币", "台幣", "新台币", "新台幣", "新臺幣", "臺幣"), "TWD"
    ),
    **dict.fromkeys(("s$", "sg$", "singapore dollars", "sing dollars", "sgd$", "新加坡元", "新加坡币"), "SGD"),
    **dict.fromkeys(("新币", "新幣", "新元", "坡币", "新加坡幣"), "SGD"),
    **dict.fromkeys(("a$", "au$", "澳元", "澳币", "澳幣", "澳刀", "australian dollars", "aussie dollars"), "AUD"),
    **dict.fromkeys(("c$", "ca$", "can$", "加元", "加币", "加幣", "加刀", "加拿大元", "canadian dollars"), "CAD"),
    **dict.fromkeys(("nz$", "纽币", "新西兰元", "紐幣", "纽元", "new zealand dollars", "kiwi dollars"), "NZD"),
    **dict.fromkeys(("r$", "real", "reais", "brazilian reais", "雷亚尔", "巴西雷亚尔"), "BRL"),
    **dict.fromkeys(("mx$", "mexican pesos", "墨西哥比索"), "MXN"),
    **dict.fromkeys(("₹", "indian rupees", "印度卢比"), "INR"),
    **dict.fromkeys(("₩", "韩元", "韓元", "韩币", "韓幣", "韩圆", "원", "korean won", "south korean won"), "KRW"),
    **dict.fromkeys(("₫", "đ", "dong", "đồng", "vietnamese dong", "越南盾"), "VND"),
    **dict.fromkeys(("฿", "บาท", "baht", "thai baht", "泰铢", "泰銖", "泰币"), "THB"),
    **dict.fromkeys(("₽", "ruble", "rubles", "roubles", "руб", "руб.", "рублей", "卢布", "盧布"), "RUB"),
    **dict.fromkeys(("₺", "tl", "lira", "turkish lira", "里拉"), "TRY"),
    **dict.fromkeys(("₱", "philippine pesos", "菲律宾比索"), "PHP"),
    **dict.fromkeys(("zł", "zloty", "zlotys", "兹罗提"), "PLN"),
    **dict.fromkeys(("rp", "rp.", "rupiah", "印尼盾", "印尼卢比"), "IDR"),
    **dict.fromkeys(("rm", "ringgit", "马币", "馬幣", "林吉特", "令吉", "马来西亚令吉"), "MYR"),
    **dict.fromkeys(("fr.", "sfr.", "sfr", "francs", "franken", "swiss franc", "swiss francs"), "CHF"),
    **dict.fromkeys(("瑞士法郎", "瑞郎", "法郎"), "CHF"),
    **dict.fromkeys(("₪", "shekel", "shekels"), "ILS"),
    **dict.fromkeys(("₦", "naira"), "NGN"),
    **dict.fromkeys(("dirham", "dirhams", "迪拉姆"), "AED"),
    **dict.fromkeys(("riyal", "riyals", "saudi riyals", "里亚尔"), "SAR"),
    **dict.fromkeys(("rand", "south african rand", "兰特"), "ZAR"),
    **dict.fromkeys(("forint", "forints"), "HUF"),
    **dict.fromkeys(("koruna", "czech koruna", "kč"), "CZK"),
    **dict.fromkeys(("swedish krona", "swedish kronor", "瑞典克朗"), "SEK"),
    **dict.fromkeys(("norwegian krone", "norwegian kroner", "挪威克朗"), "NOK"),
    **dict.fromkeys(("danish krone", "danish kroner", "丹麦克朗"), "DKK"),
    **dict.fromkeys(("澳门元", "澳门币", "澳門幣", "葡币"), "MOP"),
}
WORDS |= dict.fromkeys(("us dollar", "us dollars"), "USD")
WORDS |= {code.lower(): _RENAMED.get(code, code) for code in CODES}
