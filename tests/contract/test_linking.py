"""One person, many accounts: a code that counts once, for ten minutes, and cannot be guessed."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import select

from models.audit import AuditRow
from models.deals import Deal
from models.outbox import Post
from models.people import Identity, Person
from models.unit import Unit
from tests.peers.slack.model import User
from tests.stages.slack import SlackStage

pytestmark = pytest.mark.both_databases


@pytest.fixture
async def slack(template: Path, tmp_path: Path) -> AsyncIterator[SlackStage]:
    """The company in Slack."""
    async with SlackStage.opened(template, tmp_path / "slack.db") as stage:
        yield stage


async def code_of(stage: SlackStage, person: str = "mike-davis") -> str:
    """Ask for a code as a person does."""
    (reply,) = await stage.say(person, "link")
    found = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}", reply["text"])
    assert found is not None, reply["text"]
    return found[0]


async def write(stage: SlackStage, user: User, words: str) -> str:
    """Write to the bot with an account that nobody knows; give what it answers."""
    stage.peer.clock.advance(20)
    await stage.peer.say(user, stage.peer.direct(user), words)
    await stage.settled()
    return stage.peer.seen_by(user, stage.peer.direct(user))[-1].text


async def test_a_second_account_is_the_same_person_from_then_on(slack: SlackStage) -> None:
    phone = slack.peer.world.add_user("mikes-phone")
    code = await code_of(slack)

    linked = await write(slack, phone, f"link {code.lower()}")
    echo = await write(slack, phone, "deal Acme 120k USD")

    assert linked.startswith("You are linked: here you are Mike Davis.")
    assert "D-1346 · Acme · USD 120,000" in echo or "signed" in echo
    deal = slack.rows(lambda session: session.exec(select(Deal).where(Deal.id == "D-1346")).one())
    assert deal.owner_id == "mike-davis"


async def test_a_code_counts_once(slack: SlackStage) -> None:
    phone, other = slack.peer.world.add_user("mikes-phone"), slack.peer.world.add_user("eve")
    code = await code_of(slack)
    await write(slack, phone, f"link {code}")

    assert "wrong, used or older" in await write(slack, other, f"link {code}")


async def test_a_code_ends_after_ten_minutes_and_with_the_next_one(slack: SlackStage) -> None:
    eve = slack.peer.world.add_user("eve")
    first = await code_of(slack)
    second = await code_of(slack)

    assert "wrong, used or older" in await write(slack, eve, f"link {first}")
    await slack.advance("10m")
    assert "wrong, used or older" in await write(slack, eve, f"link {second}")


async def test_who_guesses_waits_ten_minutes_even_with_the_right_code(slack: SlackStage) -> None:
    eve = slack.peer.world.add_user("eve")
    for _ in range(5):
        await write(slack, eve, "link AAAA-AAAA")
    code = await code_of(slack)

    assert "Too many wrong codes" in await write(slack, eve, f"link {code}")
    await slack.advance("11m")
    assert "Too many" not in await write(slack, eve, f"link {await code_of(slack)}")


async def test_the_code_of_somebody_who_left_is_worth_nothing(slack: SlackStage) -> None:
    eve, code = slack.peer.world.add_user("eve"), await code_of(slack)

    def leave(unit: Unit) -> None:
        unit.get_one(Person, "mike-davis").active = False

    slack.regatta.store.write(leave).result()

    assert "wrong, used or older" in await write(slack, eve, f"link {code}")


async def test_no_code_stands_in_the_audit_log(slack: SlackStage) -> None:
    phone, code = slack.peer.world.add_user("mikes-phone"), await code_of(slack)
    await write(slack, phone, f"link {code}")

    told = slack.rows(lambda session: session.exec(select(AuditRow)).all())
    assert ("mike-davis", "account.linked") in {(row.actor, row.action) for row in told}
    assert all(code not in row.facts and code.replace("-", "") not in row.facts for row in told)
    accounts = slack.rows(lambda session: session.exec(select(Identity).where(Identity.user_id == phone.id)).all())
    assert [one.person_id for one in accounts] == ["mike-davis"]


async def test_who_is_known_here_already_is_told_so(slack: SlackStage) -> None:
    code = await code_of(slack)

    (reply,) = await slack.say("emily-chen", f"link {code}")

    assert reply["text"].startswith("I know you here already, as Emily Chen.")


async def test_who_was_deactivated_and_comes_back_can_link_again(slack: SlackStage) -> None:
    mike = slack.users["mike-davis"]
    other = slack.peer.world.add_user("mikes-phone")
    await write(slack, other, f"link {await code_of(slack)}")
    code = await code_of(slack)
    await slack.peer.deactivate(mike)
    await slack.settled()
    mike.deleted = False

    assert (await write(slack, mike, f"link {code}")).startswith("You are linked: here you are Mike Davis.")


async def test_an_account_of_another_organisation_is_never_linked(slack: SlackStage) -> None:
    peer, code = slack.peer, await code_of(slack, "sarah-johnson")
    sue = peer.world.add_user("sue", team=peer.world.add_team("Other Company"))
    peer.channel("us").members.append(sue.id)

    await peer.say(sue, "us", f"<@{peer.world.app.user_id}> link {code}")
    await slack.settled()

    assert slack.rows(lambda session: session.exec(select(Identity).where(Identity.user_id == sue.id)).all()) == []


@pytest.mark.parametrize("words", ["link {code}", "/link {code}"])
async def test_a_guest_is_not_linked_and_is_told_so(slack: SlackStage, words: str) -> None:
    guest, code = slack.peer.world.add_user("gus", is_restricted=True), await code_of(slack)
    said, direct = words.format(code=code), slack.peer.direct(guest)

    await (slack.peer.slash(guest, direct, said) if said.startswith("/") else slack.peer.say(guest, direct, said))

    assert "Guests of a workspace have no rights here" in slack.peer.seen_by(guest, direct)[-1].text
    assert slack.rows(lambda session: session.exec(select(Identity).where(Identity.user_id == guest.id)).all()) == []
    colleague = slack.peer.world.add_user("mikes-phone")
    assert (await write(slack, colleague, f"link {code}")).startswith("You are linked")  # the code was not spent


async def test_who_cannot_be_looked_up_is_not_linked(slack: SlackStage) -> None:
    phone, code = slack.peer.world.add_user("mikes-phone"), await code_of(slack)
    slack.peer.faults.fail_api("users.info", times=2)
    slack.peer.deliveries.retries = (0.0, 0.0, 0.0)

    await slack.peer.say(phone, slack.peer.direct(phone), f"link {code}")
    linked = slack.rows(lambda session: session.exec(select(Identity).where(Identity.user_id == phone.id)).all())
    await slack.peer.deliveries.settle()
    await slack.settled()

    assert linked == []
    assert "You are linked" in slack.peer.seen_by(phone, slack.peer.direct(phone))[-1].text  # Slack asked again


async def test_who_is_made_a_guest_loses_their_rights(slack: SlackStage) -> None:
    mike = slack.users["mike-davis"]

    await slack.peer.change_user(mike, is_ultra_restricted=True)
    await slack.settled()
    await slack.peer.slash(mike, slack.peer.channel("us"), "/deal Acme 120k USD")

    assert "I do not know you yet" in slack.peer.seen_by(mike, "us")[-1].text
    assert "made a guest's" in (await slack.read("sarah-johnson"))[-1]["text"]


async def test_a_colleague_who_changes_their_profile_keeps_their_rights(slack: SlackStage) -> None:
    await slack.peer.change_user(slack.users["mike-davis"], tz="Europe/Berlin")

    (echo, *_) = await slack.say("mike-davis", "/deal Acme 120k USD", "us")

    assert echo["text"].startswith("✓ D-1346")


async def test_what_the_bot_says_by_itself_comes_where_the_person_was_answered_last(slack: SlackStage) -> None:
    phone = slack.peer.world.add_user("mikes-phone")
    await write(slack, phone, f"link {await code_of(slack)}")
    await write(slack, phone, "visit Globex met Jane next tomorrow")

    await slack.advance("2d")

    assert "Today:" in slack.peer.seen_by(phone, slack.peer.direct(phone))[-1].text
    mike = slack.users["mike-davis"]
    assert not any("Today:" in one.text for one in slack.peer.seen_by(mike, slack.peer.direct(mike)))


async def test_no_code_stays_in_the_rows_once_it_was_sent(slack: SlackStage) -> None:
    code = await code_of(slack)

    bodies = slack.rows(lambda session: [post.body for post in session.exec(select(Post)).all()])

    assert any("Write this to me in the other chat" in body for body in bodies)
    assert all(code not in body for body in bodies)
