"""A stand-in for Telegram: its Bot API, updates by polling and webhook, and the chats of one bot.

    async with TelegramPeer.opened() as peer:
        ann = peer.world.add_user("Ann", username="ann_sales", language_code="zh-hans")
        north = peer.world.add_supergroup("North", [ann])
        ...                                      # start the bot with peer.api_url and peer.world.bot.token
        await peer.start(ann)                    # /start; `payload` is what a link carries
        await peer.say(ann, north, "/deal@regatta_bot Acme 120k")
        card = peer.seen_by(ann, north)[-1]
        pressed = await peer.press(ann, card, "Approve")
        await peer.world.eventually(lambda: pressed.is_answered)

Hands: person.py (chats), office.py (members, topics, accounts). `peer.faults` breaks things, `peer.clock.advance(60)`
moves redelivery, presses and rates, `peer.deliveries.attempts` and `peer.api.calls` are the traffic,
`peer.deliveries.settle()` waits until the bot has everything, `peer.world.eventually(lambda: ...)` for anything else.
"""

from tests.peers.telegram.server import TelegramPeer

__all__ = ["TelegramPeer"]
