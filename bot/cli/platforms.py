"""What the platforms are told about the bot."""

import sys
from typing import Annotated

import typer

slack = typer.Typer(help="What Slack is told.", no_args_is_help=True)
telegram = typer.Typer(help="What Telegram is told.", no_args_is_help=True)


@slack.command("manifest")
def slack_manifest(
    socket_mode: Annotated[bool, typer.Option("--socket-mode", help="For a bot without a public address.")] = False,
    plain_replies: Annotated[
        bool, typer.Option(help="Hear plain words in threads; without it only buttons, mentions and commands.")
    ] = True,
) -> None:
    """The app's manifest, as JSON, for “create an app from a manifest”."""
    import json

    from bot.platforms.slack.manifest import manifest
    from bot.registry import registry
    from bot.settings import Settings

    url = Settings().regatta_public_url
    if url is None and not socket_mode:
        print("REGATTA_PUBLIC_URL is not set: put your own address in the place of regatta.example.", file=sys.stderr)
    found = manifest(registry(), url, plain_replies=plain_replies, socket_mode=socket_mode)
    print(json.dumps(found, indent=2, ensure_ascii=False))


@telegram.command("commands")
def telegram_commands(
    language: Annotated[str | None, typer.Option(help="Only one language, without a heading: en or zh.")] = None,
) -> None:
    """The menu of commands, to paste at @BotFather after /setcommands; the running bot sets the same by itself."""
    from bot.language import LANGUAGES
    from bot.platforms.telegram.menu import listed
    from bot.registry import registry

    if language is not None and language not in LANGUAGES:
        raise typer.BadParameter(f"there is no {language}; there is: {', '.join(LANGUAGES)}")
    commands = registry().commands
    if language is not None:
        print(listed(commands, language))
        return
    print("\n\n".join(f"# {name}\n{listed(commands, name)}" for name in LANGUAGES))
