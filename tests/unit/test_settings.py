"""Settings: every one is documented, and what must not start does not."""

from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError

TELEGRAM_TOKEN = "7123456789:AA" + "x" * 33
EXAMPLE = Path(__file__).parents[2] / ".env.example"


def settings(**given: object) -> Settings:
    return Settings(_env_file=None, **given)  # type: ignore[arg-type,call-arg]


def test_env_example_lists_every_setting_with_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    lines = [line for line in EXAMPLE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    listed = dict(line.split("=", 1) for line in lines)

    assert set(listed) == {name.upper() for name in Settings.model_fields}
    for name, value in listed.items():
        default = Settings.model_fields[name.lower()].default
        assert value == ("" if default is None else str(default))


def test_the_example_itself_starts_as_the_demo() -> None:
    assert Settings(_env_file=EXAMPLE).workspace == "demo"  # type: ignore[call-arg]


def test_the_demo_refuses_to_listen_elsewhere() -> None:
    with pytest.raises(SettingsError, match="this machine only"):
        settings(regatta_host="0.0.0.0").check()


def test_a_slack_token_without_a_secret_does_not_start() -> None:
    with pytest.raises(SettingsError, match="SLACK_SIGNING_SECRET"):
        settings(slack_bot_token="xoxb-1", regatta_workspace="off").check()


PEERS = {
    "regatta_workspace": "peers", "slack_api_url": "http://127.0.0.1:8301/api/",
    "telegram_api_url": "http://localhost:8302",
}  # fmt: skip


def test_the_workspace_stands_beside_test_peers_on_this_machine() -> None:
    settings(**PEERS).check()


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"slack_api_url": "https://slack.com/api/"}, "SLACK_API_URL"),
        ({"telegram_api_url": "https://api.telegram.org"}, "TELEGRAM_API_URL"),
        ({"telegram_api_url": "http://127.0.0.1.example.com"}, "TELEGRAM_API_URL"),
        ({"slack_api_url": "http://127.0.0.1@slack.com/api/"}, "SLACK_API_URL"),
        ({"regatta_host": "0.0.0.0"}, "REGATTA_HOST"),
    ],
)
def test_the_workspace_stands_beside_nothing_real(changed: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        settings(**PEERS | changed).check()


def test_a_secret_may_come_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "token"
    secret.write_text("from-a-file\n")
    monkeypatch.setenv("SLACK_BOT_TOKEN_FILE", str(secret))

    token = settings().slack_bot_token

    assert token is not None
    assert token.get_secret_value() == "from-a-file"
    assert "from-a-file" not in repr(settings())


def test_a_secret_file_that_is_not_there_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN_FILE", "/nowhere")

    with pytest.raises(SettingsError, match="TELEGRAM_BOT_TOKEN_FILE"):
        settings()


def test_a_webhook_secret_that_is_left_empty_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_WEBHOOK_SECRET", "")

    assert settings(telegram_bot_token=TELEGRAM_TOKEN).telegram_webhook_secret is None


@pytest.mark.parametrize("secret", ["", " ", "with space", "ü", "x" * 257, "a\nb"])
def test_a_webhook_secret_that_telegram_would_not_take_does_not_start(secret: str) -> None:
    with pytest.raises(SettingsError, match="TELEGRAM_WEBHOOK_SECRET"):
        settings(telegram_bot_token=TELEGRAM_TOKEN, telegram_webhook_secret=secret).check()


def test_an_empty_file_is_no_webhook_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = tmp_path / "secret"
    empty.write_text("\n")
    monkeypatch.setenv("TELEGRAM_WEBHOOK_SECRET_FILE", str(empty))

    with pytest.raises(SettingsError, match="TELEGRAM_WEBHOOK_SECRET is empty"):
        settings(telegram_bot_token=TELEGRAM_TOKEN).check()


@pytest.mark.parametrize("token", ["7123", "xoxb-1-2", "7123:", f"bot{TELEGRAM_TOKEN}", f"{TELEGRAM_TOKEN} "])
def test_what_is_no_token_of_telegrams_does_not_start_and_is_not_repeated(token: str) -> None:
    with pytest.raises(SettingsError, match="copy it from @BotFather") as refused:
        settings(telegram_bot_token=token).check()

    assert token not in str(refused.value)


def test_the_password_of_a_database_is_a_secret_in_both_spellings() -> None:
    given = settings(regatta_database_url="postgresql://regatta:s3cr%21t@db.example/regatta")

    assert {"s3cr%21t", "s3cr!t"} <= set(given.secrets())


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("sqlite:///data/regatta.db", "data/regatta.db"),
        ("postgresql://regatta:p:@ss@db.example/regatta", "postgresql://regatta:…@db.example/regatta"),
        ("postgresql://regatta@db.example/regatta", "postgresql://regatta@db.example/regatta"),
    ],
)
def test_where_the_rows_are_is_shown_without_a_password(url: str, shown: str) -> None:
    assert settings(regatta_database_url=url).place == shown
