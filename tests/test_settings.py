"""Settings: read from the environment and from `.env`.

They are refused in words that name what to mend.
"""

from pathlib import Path

import pytest

from bot.settings.environment import for_a_worker, read
from bot.settings.settings import PREFIX, ROOT, Settings, SettingsError
from bot.store.sql.database import Database
from bot.store.sql.schema import needs_upgrade, upgrade

NOWHERE = Path("no such file")


def chosen(env_file: Path = NOWHERE, /, **named: str) -> Settings:
    environment = {PREFIX + name.upper(): value for name, value in named.items()}
    return read(env_file, {"PATH": "/bin", **environment})


def refusal(env_file: Path = NOWHERE, /, **named: str) -> list[str]:
    """The lines of the refusal, after the first, which says what this is about."""
    with pytest.raises(SettingsError) as refused:
        chosen(env_file, **named)
    head, *lines = str(refused.value).splitlines()
    assert head == "These settings need mending (environment or .env):"
    return [line.strip() for line in lines]


def test_without_any_setting_the_web_chat_serves_this_machine_from_sqlite() -> None:
    settings = chosen()
    assert (settings.web_host, settings.web_port, settings.zone) == ("127.0.0.1", 8420, "UTC")
    assert settings.database == f"sqlite+aiosqlite:///{ROOT}/data/torchproof.db"
    assert settings.channels == ("general", "rnn", "help")


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("zone", "Mars/Olympus", "write a time zone such as Europe/Berlin or UTC"),
        ("zone", "Europe", "write a time zone such as Europe/Berlin or UTC"),
        ("zone", "../../etc/passwd", "write a time zone such as Europe/Berlin or UTC"),
        ("web_port", "eighty", "write a whole number"),
        ("web_port", "65536", "write a number up to 65535"),
        ("web_port", "-1", "write a number from 0 on"),
        ("log_level", "loud", "write 'debug', 'info', 'warning' or 'error'"),
        ("web_channels", "General Talk",
         "write channel names of a-z, 0-9 and hyphens, separated by commas"),
        ("web_channels", " , ", "write channel names of a-z, 0-9 and hyphens, separated by commas"),
        ("web_channels", "a" * 32,
         "write channel names of a-z, 0-9 and hyphens, separated by commas"),
        ("database_url", "mysql://host/db", "begin with sqlite+aiosqlite:/// or postgresql+psycopg://"),
        ("database_url", "postgresql+psycopg://u:p@host:port/db",
         "write it as postgresql+psycopg://user:password@host:"),
        ("database_url", "postgresql+psycopg://u:p@[host/db",
         "write it as postgresql+psycopg://user:password@host:"),
        ("web_address", "quiz.example.org", "write it as https://quiz.example.org"),
        ("web_address", "https://quiz.example.org/chat", "write it as https://quiz.example.org"),
        ("web_address", "https://me@quiz.example.org", "write it as https://quiz.example.org"),
        ("web_address", "https://quiz.example.org:99999", "write it as https://quiz.example.org"),
        ("web_address", "javascript:alert(1)", "write it as https://quiz.example.org"),
        ("database_url", "sqlite+aiosqlite://",
         "SQLite needs a file, for what is in memory is lost"),
        ("database_url", "sqlite+aiosqlite:///",
         "SQLite needs a file, for what is in memory is lost"),
        ("database_url", "sqlite+aiosqlite:///:memory:",
         "SQLite needs a file, for what is in memory is lost"),
        ("database_url", "sqlite+aiosqlite:///file:x?mode=memory&uri=true", "SQLite needs a file"),
        ("database_url", "sqlite+aiosqlite://host/quiz.db", "SQLite needs a file"),
        ("database_url", "sqlite+aiosqlite:///quiz.db?mode=memory", "it takes no options"),
        ("database_url", "sqlite+aiosqlite:///a#b/quiz.db",
         "write a ? in a path of SQLite as %3F, a # as %23"),
        ("web_prot", "8000", "there is no such setting; did you mean TORCHPROOF_WEB_PORT?"),
        ("xyzzy", "1", "there is no such setting"),
    ],
)  # fmt: skip
def test_a_bad_value_gives_one_line_that_names_it(name: str, value: str, remedy: str) -> None:
    (line,) = refusal(**{name: value})
    assert line.startswith(f"TORCHPROOF_{name.upper()}: ")
    assert remedy in line


def names_in(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]


@pytest.mark.parametrize(
    "name", ["a b", "50%", "%41", "what?", "a#b", "a?b=c#d%20", "ünï", "sqlite+aiosqlite:"]
)
async def test_the_database_is_kept_in_whatever_folder_is_chosen(name: str, tmp_path: Path) -> None:
    settings = chosen(data_dir=str(tmp_path / name))
    folder = settings.data_folder()
    database = Database(settings.database)
    await upgrade(database)
    assert not await needs_upgrade(database)
    await database.close()
    assert "torchproof.db" in names_in(folder)
    assert names_in(tmp_path) == [name]


def test_a_data_folder_is_made_for_this_account_alone(tmp_path: Path) -> None:
    """One that is there already stays as its owner set it."""
    made = chosen(data_dir=str(tmp_path / "deep" / "down")).data_folder()
    assert made.stat().st_mode & 0o777 == 0o700
    made.chmod(0o750)
    assert chosen(data_dir=str(made)).data_folder().stat().st_mode & 0o777 == 0o750


def test_all_that_is_wrong_is_said_at_once() -> None:
    assert len(refusal(zone="Mars", web_port="x", log_level="loud")) == 3


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "quiz.example.org"])
def test_where_others_can_reach_it_a_password_is_required(host: str) -> None:
    (line,) = refusal(web_host=host)
    assert f"others can reach {host}, so set TORCHPROOF_WEB_PASSWORD" in line
    assert chosen(web_host=host, web_password="open sesame").web_host == host


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_this_machine_alone_needs_no_password(host: str) -> None:
    assert chosen(web_host=host).web_password.get_secret_value() == ""


def test_behind_a_proxy_a_password_is_required_too() -> None:
    (line,) = refusal(web_address="https://quiz.example.org")
    assert "others can reach https://quiz.example.org, so set TORCHPROOF_WEB_PASSWORD" in line
    assert chosen(web_address="http://localhost:9000").web_address == "http://localhost:9000"


@pytest.mark.parametrize(
    "written",
    ["https://quiz.example.org", "https://Quiz.Example.org/", "https://quiz.example.org:443"],
)
def test_an_address_is_kept_as_browsers_write_it(written: str) -> None:
    assert (
        chosen(web_address=written, web_password="open sesame").web_address
        == "https://quiz.example.org"
    )


def test_no_password_is_ever_printed() -> None:
    """Neither the chat's nor the database's, neither when all is well nor in a refusal."""
    secret = {"web_password": "hunter2", "database_url": "postgresql+psycopg://bot:hunter2@host/db"}
    settings = chosen(**secret)
    assert settings.web_password.get_secret_value() == "hunter2"
    assert "hunter2" not in repr(settings) + str(settings)
    wrong = {
        **secret,
        "database_url": "postgresql+psycopg://bot:hunter2@host:port/db",
        "zone": "Mars",
        "web_port": "x",
    }
    assert "hunter2" not in " ".join(refusal(**wrong))


def test_settings_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        chosen().zone = "Europe/Berlin"


def test_the_file_is_read_and_the_environment_goes_before_it(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(
        "# ours\nTORCHPROOF_ZONE=Europe/Berlin\nTORCHPROOF_WEB_PORT=9000\nSOMEBODY_ELSES=1\n",
        "utf-8",
    )
    assert (chosen(file).zone, chosen(file).web_port) == ("Europe/Berlin", 9000)
    assert chosen(file, zone="Asia/Tokyo").zone == "Asia/Tokyo"


def test_a_setting_left_empty_counts_as_not_set(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("TORCHPROOF_ZONE=\nTORCHPROOF_WEB_PORT\n", "utf-8")
    assert (chosen(file).zone, chosen(file, web_port="").web_port) == ("UTC", 8420)


def test_the_case_of_a_name_does_not_matter() -> None:
    assert read(NOWHERE, {"torchproof_zone": "Europe/Berlin"}).zone == "Europe/Berlin"


def test_a_platforms_own_settings_need_no_prefix_and_others_of_that_name_are_left_alone(
    tmp_path: Path,
) -> None:
    file = tmp_path / ".env"
    file.write_text("DISCORD_TOKEN=file\nDISCORD_WEBHOOK=https://example.org\n")
    bare = {"DISCORD_API_URL": "http://127.0.0.1:9/api", "DISCORD_GATEWAY_URL": "ws://127.0.0.1:9"}
    found = read(file, {**bare, "TORCHPROOF_DISCORD_GATEWAY_URL": "ws://127.0.0.1:8"})
    assert found.discord_token.get_secret_value() == "file"
    assert (found.discord_api_url, found.discord_gateway_url) == (
        "http://127.0.0.1:9/api",
        "ws://127.0.0.1:8",
    )


def test_a_worker_is_told_no_secret() -> None:
    secrets = {
        "DISCORD_TOKEN": "secret",
        "TORCHPROOF_DISCORD_TOKEN": "secret",
        "TORCHPROOF_DATABASE_URL": "",
    }
    environment = for_a_worker(Settings(), {**secrets, "PATH": "/bin"})
    assert environment["PATH"] == "/bin"
    assert "secret" not in environment.values()


def test_a_file_that_is_no_text_is_refused_in_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"TORCHPROOF_ZONE=\xff\xfe\n")
    with pytest.raises(
        SettingsError, match=r"\.env cannot be read: .* Mend it, or take it away\.$"
    ):
        chosen(file)


def test_channels_are_kept_once_and_in_order() -> None:
    assert chosen(web_channels="rnn, general ,rnn,").channels == ("rnn", "general")


def test_an_address_of_a_database_is_taken_as_it_is() -> None:
    url = "postgresql+psycopg://bot@host:5432/db"
    assert chosen(database_url=url).database == url


def test_the_data_folder_is_made_where_it_is_missing(tmp_path: Path) -> None:
    settings = chosen(data_dir=str(tmp_path / "a" / "b"))
    assert settings.data_folder().is_dir()
    assert settings.data_folder() == tmp_path / "a" / "b"


def test_a_data_folder_that_cannot_be_made_is_named_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings = chosen(data_dir=str(tmp_path / "file" / "data"))
    with pytest.raises(
        SettingsError, match=r"cannot be made \(.*\)\. Choose another with TORCHPROOF_DATA_DIR\.$"
    ):
        settings.data_folder()


SLACK = {"TORCHPROOF_SLACK_BOT_TOKEN": "xoxb-1", "TORCHPROOF_SLACK_APP_TOKEN": "xapp-1"}
MANY = {
    "TORCHPROOF_SLACK_CLIENT_ID": "1.2",
    "TORCHPROOF_SLACK_CLIENT_SECRET": "hush",
    "TORCHPROOF_SLACK_SIGNING_SECRET": "signed",
    "TORCHPROOF_SLACK_KEY": f"{'a' * 32}, {'b' * 32}",
}


def test_slack_is_on_with_a_token_or_with_installations(tmp_path: Path) -> None:
    assert not read(tmp_path / ".env", {}).on_slack
    assert read(tmp_path / ".env", SLACK).on_slack
    many = read(tmp_path / ".env", MANY)
    assert many.on_slack
    assert many.slack_keys == ("a" * 32, "b" * 32)


@pytest.mark.parametrize(
    ("lacking", "remedy"),
    [
        ({**SLACK, "TORCHPROOF_SLACK_APP_TOKEN": ""}, "SLACK_SIGNING_SECRET"),
        ({**MANY, "TORCHPROOF_SLACK_KEY": ""}, "SLACK_KEY"),
        ({**MANY, "TORCHPROOF_SLACK_CLIENT_SECRET": ""}, "SLACK_CLIENT_SECRET"),
        ({**MANY, "TORCHPROOF_SLACK_KEY": "short"}, "at least 32"),
        ({**SLACK, "TORCHPROOF_SLACK_API_URL": "slack.com/api"}, "http"),
    ],
)
def test_what_slack_lacks_is_said(tmp_path: Path, lacking: dict[str, str], remedy: str) -> None:
    with pytest.raises(SettingsError, match=remedy):
        read(tmp_path / ".env", lacking)
