"""Who is heard in groups, forums and channels, who speaks there, and what changes of them bring."""

import pytest
from telegram import Bot, ChatMember, ChatMemberUpdated, Message, ReplyParameters, Update
from telegram.error import BadRequest, ChatMigrated, Forbidden

from tests.contract.peers.ptb import refusal
from tests.peers.telegram import TelegramPeer


async def told(bot: Bot, *kinds: str) -> list[Update]:
    """What waits, confirmed."""
    updates = await bot.get_updates(allowed_updates=kinds or None)
    if updates:
        await bot.get_updates(offset=updates[-1].update_id + 1)
    return list(updates)


async def heard(bot: Bot) -> list[Message]:
    """The messages and posts that wait, confirmed."""
    return [update.effective_message for update in await told(bot) if update.effective_message]


async def parts(bot: Bot) -> list[tuple[str, str]]:
    """The changes of the bot's own part that wait: from what to what."""
    changes = [update.my_chat_member for update in await told(bot) if update.my_chat_member]
    return [(change.old_chat_member.status, change.new_chat_member.status) for change in changes]


async def test_in_privacy_mode_only_what_is_meant_for_the_bot_is_heard(telegram: TelegramPeer, ptb: Bot) -> None:
    other = telegram.world.add_user("Other", username="other_bot", is_bot=True)
    await telegram.join(other, "North", by="Olga")
    asked = await ptb.send_message(telegram.chat("North").id, "Which one?")
    question = telegram.seen_by("Ann", "North")[-1]
    await telegram.say("Ann", "North", "hello everybody @ben_nobody")
    mention = await telegram.say("Ann", "North", "报单 @Regatta_Bot 5")
    await telegram.say("Ann", "North", "this one", reply_to=question)
    await telegram.say("Ben", "North", "go on", reply_to=mention)
    await telegram.say("Ann", "North", "/deal@regatta_bot 5")
    await telegram.say("Ann", "North", "/deal@other_bot 5")
    await telegram.say("Ann", "North", "/deal 5")
    telegram.world.post(telegram.chat("North"), other.id, "I spoke last, @regatta_bot")
    await telegram.say("Ann", "North", "/other 5")
    await telegram.say("Ann", "North", "hey you", calling=[])

    messages = [message for message in await heard(ptb) if not message.new_chat_members]
    assert [message.text for message in messages] == [
        "报单 @Regatta_Bot 5", "this one", "go on", "/deal@regatta_bot 5", "/deal 5",
    ]  # fmt: skip
    assert messages[1].reply_to_message == asked


async def test_an_administrator_and_a_bot_without_privacy_mode_hear_everything(
    telegram: TelegramPeer, ptb: Bot
) -> None:
    await telegram.say("Ann", "North", "unheard")
    await telegram.promote("Olga", telegram.bot, "North")
    await telegram.say("Ann", "North", "as administrator")
    await telegram.demote("Olga", telegram.bot, "North")
    await telegram.say("Ann", "North", "unheard again")
    telegram.world.bot.sees_all = True
    await telegram.say("Ann", "North", "without privacy")

    assert [message.text for message in await heard(ptb)] == ["as administrator", "without privacy"]
    assert (await ptb.get_me()).can_read_all_group_messages


async def test_entities_are_counted_in_utf_16_and_people_without_a_name_are_mentioned_by_id(
    telegram: TelegramPeer, ptb: Bot
) -> None:
    text = "\U0001f600 /deal@regatta_bot Ben @ann_sales"

    await telegram.say("Ann", "North", text, calling=[telegram.user("Ben")])

    [message] = await heard(ptb)
    found = [(entity.type, words) for entity, words in message.parse_entities().items()]
    assert found == [("bot_command", "/deal@regatta_bot"), ("text_mention", "Ben"), ("mention", "@ann_sales")]
    assert (message.entities[0].offset, message.entities[1].user) == (3, telegram_user(telegram, "Ben"))


def telegram_user(peer: TelegramPeer, name: str) -> object:
    """Equal to the library's User with the same id."""

    class Same:
        def __eq__(self, other: object) -> bool:
            return getattr(other, "id", None) == peer.user(name).id

        __hash__ = None  # type: ignore[assignment]

    return Same()


async def test_an_anonymous_administrator_and_a_channel_are_no_persons(telegram: TelegramPeer, ptb: Bot) -> None:
    await telegram.promote("Olga", "Ann", "North", is_anonymous=True)

    await telegram.say("Ann", "North", "/deal@regatta_bot 5")
    await telegram.say("Ben", "North", "/deal@regatta_bot 6", as_channel="News")

    admin, channel = await heard(ptb)
    assert admin.from_user is not None
    assert channel.from_user is not None
    assert (admin.from_user.id, admin.from_user.is_bot, admin.sender_chat) == (1_087_968_824, True, admin.chat)
    assert (channel.from_user.id, channel.from_user.is_bot) == (136_817_688, True)
    assert channel.sender_chat is not None
    assert channel.sender_chat.id == telegram.chat("News").id
    assert [seen.author for seen in telegram.seen_by("Ben", "North")] == ["North", "News"]


async def test_a_channel_s_posts_have_no_sender_and_only_administrators_write(telegram: TelegramPeer, ptb: Bot) -> None:
    post = await telegram.say("Olga", "News", "hello")
    await telegram.edit("Olga", post, "hello all")
    sent = await ptb.send_message(telegram.chat("News").id, "from the bot")

    new, edited = await told(ptb)
    assert new.channel_post is not None
    assert edited.edited_channel_post is not None
    assert (new.channel_post.from_user, new.effective_user) == (None, None)
    assert (edited.edited_channel_post.text, new.channel_post.sender_chat) == ("hello all", new.channel_post.chat)
    assert (sent.from_user, sent.sender_chat) == (None, sent.chat)
    with pytest.raises(PermissionError):
        await telegram.say("Ann", "News", "me too")
    await telegram.demote("Olga", telegram.bot, "News")
    assert await refusal(ptb.send_message(telegram.chat("News").id, "x")) == (
        "Need administrator rights in the channel chat"
    )


async def test_edits_and_forwards_say_what_they_are(telegram: TelegramPeer, ptb: Bot) -> None:
    await telegram.start("Ben")
    said = await telegram.say("Ann", telegram.direct("Ann"), "/deal 5")
    telegram.clock.advance(60)
    await telegram.edit("Ann", said, "/deal 6")
    await telegram.forward("Ann", said, telegram.direct("Ann"))
    await telegram.forward("Ann", await telegram.say("Olga", "News", "post"), telegram.direct("Ann"))

    _, _, edit, forward, _, post = await told(ptb)
    assert edit.edited_message is not None
    assert edit.edited_message.edit_date is not None
    assert (edit.edited_message.text, edit.edited_message.message_id, edit.message) == ("/deal 6", said.id, None)
    assert (edit.edited_message.edit_date - edit.edited_message.date).total_seconds() == pytest.approx(60, abs=1)
    assert forward.message is not None
    assert forward.message.forward_origin is not None
    assert (forward.message.text, forward.message.forward_origin.type) == ("/deal 6", "user")
    assert post.message is not None
    assert post.message.forward_origin is not None
    assert post.message.forward_origin.type == "channel"


async def test_the_bot_is_told_when_it_comes_goes_and_is_promoted(telegram: TelegramPeer, ptb: Bot) -> None:
    north = telegram.chat("North").id
    await telegram.promote("Olga", telegram.bot, "North", can_delete_messages=True)
    await telegram.kick("Olga", telegram.bot, "North")
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await ptb.send_message(north, "x")
    await telegram.join(telegram.bot, "North", by="Olga")
    await ptb.leave_chat(north)

    with pytest.raises(Forbidden, match="bot is not a member of the supergroup chat"):
        await ptb.send_message(north, "x")
    assert await parts(ptb) == [
        ("member", "administrator"), ("administrator", "kicked"), ("kicked", "member"), ("member", "left"),
    ]  # fmt: skip


async def test_who_blocks_the_bot_is_told_of_and_start_unblocks(telegram: TelegramPeer, ptb: Bot) -> None:
    await telegram.block("Ann")
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await ptb.send_message(telegram.user("Ann").id, "x")

    await telegram.start("Ann")

    assert await ptb.send_message(telegram.user("Ann").id, "x")
    assert await parts(ptb) == [("member", "kicked"), ("kicked", "member")]
    telegram.deactivate("Ann")
    with pytest.raises(Forbidden, match="user is deactivated"):
        await ptb.send_message(telegram.user("Ann").id, "x")


async def test_changes_of_others_are_told_to_an_administrator_who_asks(telegram: TelegramPeer, ptb: Bot) -> None:
    await ptb.get_updates(allowed_updates=["chat_member"])
    cleo = telegram.world.add_user("Cleo")
    await telegram.join(cleo, "North")
    await telegram.promote("Olga", telegram.bot, "North")
    await telegram.leave(cleo, "North")

    [update] = await ptb.get_updates()
    assert isinstance(update.chat_member, ChatMemberUpdated)
    assert (update.chat_member.new_chat_member.user.id, update.chat_member.new_chat_member.status) == (cleo.id, "left")


async def test_members_and_administrators_can_be_asked_for(telegram: TelegramPeer, ptb: Bot) -> None:
    north, stranger = telegram.chat("North").id, telegram.world.add_user("Stranger")
    await telegram.promote("Olga", telegram.bot, "North", can_delete_messages=True)
    await telegram.mute("Olga", "Ben", "North")

    statuses = [
        (await ptb.get_chat_member(north, telegram.user(name).id)).status for name in ("Ann", "Ben", "Olga", "Regatta")
    ]

    assert statuses == [ChatMember.MEMBER, ChatMember.RESTRICTED, ChatMember.OWNER, ChatMember.ADMINISTRATOR]
    assert {member.user.first_name for member in await ptb.get_chat_administrators(north)} == {"Olga", "Regatta"}
    assert await ptb.get_chat_member_count(north) == 4
    assert await refusal(ptb.get_chat_member(north, stranger.id)) == "User not found"
    chat = await ptb.get_chat(north)
    assert (chat.type, chat.title, chat.username) == ("supergroup", "North", None)
    assert (await ptb.get_chat(telegram.user("Ann").id)).first_name == "Ann"


async def test_a_muted_bot_is_refused(telegram: TelegramPeer, ptb: Bot) -> None:
    await telegram.mute("Olga", telegram.bot, "North")

    refused = await refusal(ptb.send_message(telegram.chat("North").id, "x"))

    assert refused == "Not enough rights to send text messages to the chat"


async def test_a_group_that_becomes_a_supergroup_has_another_id(telegram: TelegramPeer, ptb: Bot) -> None:
    old = telegram.chat("Small")
    new = await telegram.migrate("Olga", "Small")

    with pytest.raises(ChatMigrated) as migrated:
        await ptb.send_message(old.id, "x")
    to, joined, since = await told(ptb)
    first, second = to.message, since.message
    assert first is not None
    assert second is not None
    assert joined.my_chat_member is not None

    assert (joined.my_chat_member.chat.id, joined.my_chat_member.old_chat_member.status) == (new.id, "left")
    assert migrated.value.new_chat_id == new.id == first.migrate_to_chat_id == telegram.chat("Small").id
    assert (first.chat.id, second.chat.id, second.migrate_from_chat_id) == (old.id, new.id, old.id)
    assert second.message_id == 1
    assert (await ptb.send_message(new.id, "x")).chat.type == "supergroup"
    assert (await ptb.get_chat(old.id)).type == "group"


async def test_messages_are_counted_in_each_supergroup_and_elsewhere_together(telegram: TelegramPeer, ptb: Bot) -> None:
    places = [telegram.chat("North").id, telegram.chat("Small").id, telegram.direct("Ann").id]

    numbers = [(await ptb.send_message(chat, "x")).message_id for chat in [*places, *places]]

    assert numbers == [2, 1, 2, 3, 3, 4]


async def test_a_topic_has_a_thread_of_its_own_and_general_has_none(telegram: TelegramPeer, ptb: Bot) -> None:
    forum = telegram.chat("Forum").id
    topic = await telegram.add_topic("Olga", "Forum", "Deals")
    await telegram.say("Ann", "Forum", "/deal@regatta_bot 5", topic=topic.id)
    await telegram.say("Ann", "Forum", "/deal@regatta_bot 6")
    _, deal, general = await heard(ptb)
    sent = await ptb.send_message(forum, "in the topic", message_thread_id=topic.id)
    reply = await deal.reply_text("a reply", do_quote=True)

    assert (deal.message_thread_id, deal.is_topic_message, general.message_thread_id) == (topic.id, True, None)
    assert deal.reply_to_message is not None
    assert deal.reply_to_message.forum_topic_created is not None
    assert (general.reply_to_message, general.chat.is_forum) == (None, True)
    assert (sent.message_thread_id, reply.message_thread_id) == (topic.id, topic.id)
    seen = telegram.seen_by("Ann", "Forum", topic.id)
    assert [each.text for each in seen[1:]] == ["/deal@regatta_bot 5", "in the topic", "a reply"]
    assert [each.text for each in telegram.seen_by("Ann", "Forum", 1)] == ["/deal@regatta_bot 6"]


async def test_topics_that_are_unknown_deleted_closed_or_general_by_number_are_refused(
    telegram: TelegramPeer, ptb: Bot
) -> None:
    forum = telegram.chat("Forum").id
    closed = await telegram.add_topic("Olga", "Forum", "Closed")
    deleted = await telegram.add_topic("Olga", "Forum", "Deleted")
    inside = await telegram.say("Ann", "Forum", "/deal@regatta_bot 5", topic=closed.id)
    await telegram.close_topic("Olga", "Forum", closed.id)
    telegram.delete_topic("Forum", deleted.id)
    telegram.api.limits.on = False

    for thread in (1, 999, deleted.id):
        assert await refusal(ptb.send_message(forum, "x", message_thread_id=thread)) == "Message thread not found"
    assert await refusal(ptb.send_message(forum, "x", message_thread_id=closed.id)) == "Topic_closed"
    reply = ReplyParameters(inside.id)
    assert await refusal(ptb.send_message(forum, "x", reply_parameters=reply)) == "Topic_closed"
    with pytest.raises(PermissionError):
        await telegram.say("Ann", "Forum", "x", topic=closed.id)
    await telegram.close_topic("Olga", "Forum")
    assert await refusal(ptb.send_message(forum, "x")) == "Topic_closed"
    await telegram.promote("Olga", telegram.bot, "Forum", can_manage_topics=True)
    assert await ptb.send_message(forum, "x", message_thread_id=closed.id)
    await telegram.reopen_topic("Olga", "Forum")
    await telegram.demote("Olga", telegram.bot, "Forum")
    assert await ptb.send_message(forum, "x")


async def test_the_bot_makes_and_closes_topics_with_the_right_to(telegram: TelegramPeer, ptb: Bot) -> None:
    forum = telegram.chat("Forum").id
    with pytest.raises(BadRequest, match="Not enough rights"):
        await ptb.create_forum_topic(forum, "Deals")
    await telegram.promote("Olga", telegram.bot, "Forum", can_manage_topics=True)

    topic = await ptb.create_forum_topic(forum, "Deals")
    await ptb.close_forum_topic(forum, topic.message_thread_id)

    assert telegram.chat("Forum").topics[topic.message_thread_id].is_closed
    made, closed = await heard(ptb)
    assert (made.forum_topic_created is None, closed.forum_topic_closed is None) == (False, False)
    assert made.message_thread_id == closed.message_thread_id == topic.message_thread_id
    assert await ptb.reopen_forum_topic(forum, topic.message_thread_id)
    assert not telegram.chat("Forum").topics[topic.message_thread_id].is_closed


@pytest.mark.parametrize("place", ["North", "Forum"])
async def test_a_thread_of_replies_in_a_supergroup_is_no_topic(telegram: TelegramPeer, ptb: Bot, place: str) -> None:
    root = await telegram.say("Ann", place, "root")
    await telegram.say("Ben", place, "/deal@regatta_bot 5", reply_to=root)
    [message] = await heard(ptb)

    assert (message.message_thread_id, message.is_topic_message) == (root.id, None)
    for thread, words in ((root.id, "Message thread not found"), (999, "Message thread not found")):
        assert await refusal(ptb.send_message(message.chat_id, "x", message_thread_id=thread)) == words
    assert await ptb.send_message(message.chat_id, "x", reply_parameters=ReplyParameters(message.message_id))
    assert [seen.text for seen in telegram.seen_by("Ann", place, 1)] == ["root", "/deal@regatta_bot 5", "x"]


async def test_a_link_s_payload_comes_with_start(telegram: TelegramPeer, ptb: Bot) -> None:
    await telegram.start("Ben", "A-z_0" * 12)

    [message] = await heard(ptb)
    assert (message.text, message.chat.type, message.chat.id) == (
        "/start " + "A-z_0" * 12, "private", telegram.user("Ben").id,
    )  # fmt: skip
    for payload in ("a" * 65, "with space", ""):
        with pytest.raises(ValueError, match="payload"):
            await telegram.start("Ben", payload)


async def test_a_username_goes_to_somebody_else_and_the_ids_stay(telegram: TelegramPeer, ptb: Bot) -> None:
    ann, ben = telegram.user("Ann"), telegram.user("Ben")
    telegram.take_username(ben, "ann_sales")
    telegram.rename(ann, "Anna")

    await telegram.start(ben)
    await telegram.start(ann)

    first, second = [message.from_user for message in await heard(ptb)]
    assert first is not None
    assert second is not None
    assert (first.username, first.id, second.username, second.first_name) == ("ann_sales", ben.id, None, "Anna")
    assert second.id == ann.id


async def test_people_do_only_what_telegram_lets_them(telegram: TelegramPeer) -> None:
    said = await telegram.say("Ann", "North", "mine")
    stranger = telegram.world.add_user("Stranger")

    for refused in (
        telegram.edit("Ben", said, "x"), telegram.unsay("Ben", said), telegram.say(stranger, "North", "x"),
        telegram.say("Ben", telegram.direct("Ben"), "not started"), telegram.press(stranger, said, "Go"),
    ):  # fmt: skip
        with pytest.raises(PermissionError):
            await refused
    assert telegram.seen_by(stranger, "North") == []
    assert [seen.text for seen in telegram.seen_by("Ben", "North")] == ["mine"]


async def test_a_text_longer_than_a_message_comes_in_several(telegram: TelegramPeer, ptb: Bot) -> None:
    await telegram.say("Ann", telegram.direct("Ann"), "x" * 8_000)

    assert [len(message.text or "") for message in await heard(ptb)] == [4_096, 3_904]
