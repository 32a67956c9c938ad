"""What the bot says instead of an effect: one clear sentence and, where there is something to choose, a button each."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import cast

from rapidfuzz import fuzz, process

from bot.astray import NAMED
from handlers.command import Command
from handlers.grammar.reading import Problem, ProblemCode, Reading
from models.deals import Dismiss, LogDeal
from models.intent import Draft, name_of, slots_of
from models.message import Button, Message, Style, says
from models.text import Bilingual, Text, Value, joined, verbatim

_DEAL_FIELDS = slots_of(LogDeal)
_EXAMPLE = Bilingual("Globex 80k next Tuesday proposal", "苏州精工 75万 下周三 方案")
_WORD = Bilingual("deal", "报单")
_LINE_SHOWN = 80
_CLOSE_ENOUGH = 60  # of 100, as rapidfuzz counts


def empty() -> Message:
    """Nothing was said."""
    return says(Text("That was empty. Say what you want, for example `help`."))


def too_long(limit: int) -> Message:
    """More was said than is read at once."""
    return says(Text("That is longer than {n} characters; send it in parts.", n=limit))


def too_many(limit: int) -> Message:
    """More deals stand in one message than are taken at once."""
    return says(Text("That is more than {n} deals at once; nothing was logged. Send them in parts.", n=limit))


TOO_OFTEN = "too often"


def too_often(per_minute: int) -> Text:
    """Somebody sends more than anybody reads."""
    return Text(
        "You sent more than {n} messages in a minute, so this one was not done, nor what follows it at once. "
        "Wait a minute, then send again what got no answer.",
        n=per_minute,
    )  # fmt: skip


def on_line(number: int, words: str, message: Message) -> Message:
    """Say which line of several a sentence is about."""
    about = Text("Line {n}, “{words}”:", n=number, words=words[:_LINE_SHOWN])
    return replace(message, lines=(about, *message.lines))


MAY_BE_REPEATED = Text("This may be a repeat: it is not known whether an earlier try arrived.")
"""Stands with a message that is sent again although it may have arrived."""
_TO_STRANGERS = {
    "unknown channel": (
        "This channel is not set up for Regatta yet; ask your administrator to bind it to a region. "
        "这个频道还没有绑定到大区，请联系管理员。"
    ),
    "unknown person": (
        "I do not know you yet, so nothing was done. If you have a code, write me `link` and the code; if I know you "
        "in another chat, type `link` there; else ask your administrator to add you. 我还不认识你，什么也没有做。"
        "有验证码请发“绑定账号”加验证码；我在别的聊天里认识你，请在那里输入“绑定账号”；否则请联系管理员把你加进来。"
    ),
    "unclaimed": (
        "Nobody has claimed me yet, so nothing was done. Run `regatta setup code` on the server and write me what it "
        "prints in our private chat. 我还没有人认领，什么也没有做。请在服务器上运行 `regatta setup code`，"
        "把它打印出来的内容私聊发给我。"
    ),
    "invited": (
        "Thank you. Your manager is asked now whether it is you; I write to you here as soon as they say so. "
        "谢谢！我已请你的经理确认是你本人，确认后我会在这里告诉你。"
    ),
    "recognised": (
        "I asked you in our direct chat who you are, and nothing was done yet; answer there, then type this again. "
        "我已在私聊里问你是谁，目前什么也没有做；请在那里回答，然后再发一次。"
    ),
    "guest": (
        "Guests of a workspace have no rights here, so nothing was done. 工作区的访客在这里没有权限，什么也没有做。"
    ),
    "public code": (
        "That code was typed where others may read along, so it counts no more; make a new one and write it to me in "
        "our private chat. 这个码在别人能看到的地方输入过，已作废；请重新生成，并在与我的私聊里发送。"
    ),
    "wrong code": (
        "That code is wrong, used or older than it may be; type `link` again in the chat where I know you, or ask for "
        "a new invitation. 这个码不对、已用过或已过期；请在我认识你的聊天里重新输入“绑定账号”，或请人重新邀请。"
    ),
    "unclaimed code": (
        "That code is wrong, used or older than an hour. Run `regatta setup code` on the server for a new one and "
        "write it to me in our private chat. 这个码不对、已用过或已超过一小时。请在服务器上运行 `regatta setup code` "
        "重新生成，再私聊发给我。"
    ),
    TOO_OFTEN: (
        "You sent too many messages in a minute, so nothing was done. Wait a minute, then send again what got no "
        "answer. 一分钟内消息太多，没有处理。请等一分钟，再重新发送没有得到回复的内容。"
    ),
    "too many codes": (
        "Too many wrong codes; wait ten minutes and ask for a new one. 错误次数太多，请十分钟后重新获取绑定码。"
    ),
}


def stranger(why: str) -> str:
    """Say to somebody whose language nobody knows why they get no answer, and what to do."""
    return _TO_STRANGERS[why]


def not_understood(*, sells: bool) -> Message:
    """No command and no deal was read."""
    if not sells:
        return says(Text("I did not understand that; type `help` to see what you can say."))
    return says(Text("I did not understand that. Report a deal like `{example}`, or type `help`.", example=_EXAMPLE))


def looks_like_deals(count: int) -> Message:
    """Several lines without the command word read like deals."""
    line = Text("These look like {n} deals; nothing was logged. Write `{word}` above them.", n=count, word=_WORD)
    return says(line)


def unknown_word(words: str, known: Iterable[str]) -> Message:
    """The word is no command's; say which one is near."""
    word = words.split(maxsplit=1)[0][:40]
    near = process.extractOne(word.casefold(), list(known), scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH)
    if near is None:
        return says(Text("There is no command “{word}”; `help` lists what there is.", word=word))
    return says(Text("There is no command “{word}”. Did you mean `{near}`?", word=word, near=near[0]))


def offer(reading: Reading) -> Message:
    """Ask whether a line without a command word was meant as a deal."""
    known: dict[str, Value] = {
        slot.name: cast("Value", reading.values[slot.slot.kind])
        for slot in _DEAL_FIELDS
        if slot.slot.kind in reading.values
    }
    shown = joined([value for name, value in known.items() if name != "tags"])
    line = Text("Shall I log this deal: {deal}?", deal=shown)
    log = Button(Text("Log deal"), Draft(name_of(LogDeal), known), Style.PRIMARY)
    return says(line, buttons=(log, Button(Text("No"), Draft(name_of(Dismiss), {}))))


def which_deal(deals: Sequence[tuple[str, Text]], draft: Draft) -> Message:
    """Ask which of a customer's deals is meant."""
    buttons = tuple(Button(line, replace(draft, known={**draft.known, "deal": number})) for number, line in deals)
    return says(Text("There are several deals with this customer. Which one do you mean?"), buttons=buttons)


def unreadable(words: str, command: Command) -> Message:
    """Some words of a line mean nothing that the command knows."""
    return says(Text("I could not read “{words}”; nothing was changed.", words=words), _usage(command))


def nothing_asked(deal: str) -> Message:
    """Somebody decides a deal of which they can see no request."""
    return says(Text("Nobody asks for an approval of {deal}; to ask, type `request {deal}`.", deal=deal))


def _usage(command: Command) -> Text:
    example = command.example
    return Text("For example: {line}", line=Bilingual(example.en, example.zh)) if example else Text("")


def _with(draft: Draft, name: str, problem: Problem, reading: object) -> Draft:
    """The draft with one of the readings in place of what was unclear."""
    unclear = [claim for claim in draft.claims if claim.slot == problem.slot]
    meant = [replace(claim, rule="chosen", value=reading, words=problem.words) for claim in unclear[:1]]
    others = [claim for claim in draft.claims if claim.slot != problem.slot]
    return replace(draft, known={**draft.known, name: reading}, claims=(*others, *meant))


def _shown(slot: str, reading: object, called: Callable[[str, str], str]) -> Value:
    """A reading as a button shows it: a person or region by its name; a year is no quantity."""
    if slot in NAMED:
        return called(slot, str(reading))
    return verbatim(str(reading)) if slot == "year" else cast("Value", reading)


def _clipped(words: str) -> str:
    return words if len(words) <= _LINE_SHOWN else f"{words[:_LINE_SHOWN]}…"


def problem(problem: Problem, command: Command, draft: Draft, called: Callable[[str, str], str]) -> Message:
    """Say what cannot be read, or ask which of several readings is meant; `called` gives the name behind an id."""
    lines = {
        ProblemCode.BAD_AMOUNT: Text(
            "“{words}” is not an amount that I can log: it must be above zero and at most 1,000,000,000,000. "
            "Write it like 80k or 75万.",
            words=_clipped(problem.words),
        ),
        ProblemCode.BAD_DATE: Text(
            "“{words}” is not a day in the calendar; write it like 5 Dec or 12月5日.", words=_clipped(problem.words)
        ),
    }
    if problem.code is ProblemCode.AMBIGUOUS and problem.readings:
        field_name = next(slot.name for slot in slots_of(command.intent) if slot.slot.kind == problem.slot)
        buttons = tuple(
            Button(
                Text("{reading}", reading=_shown(problem.slot, reading, called)),
                _with(draft, field_name, problem, reading),
            )
            for reading in problem.readings[:4]
        )
        return says(
            Text("I read two things in “{words}”. Which one do you mean?", words=_clipped(problem.words)),
            buttons=buttons,
        )
    return says(
        lines.get(problem.code, Text("I could not read “{words}”.", words=_clipped(problem.words))), _usage(command)
    )
