"""How long things are waited for, in seconds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timeouts:
    acknowledge: float = 1.8
    """Slack wants interactions acknowledged within three seconds."""
    other_process: float = 4.0
    """Soon after the start, another process may still finish a post that it began."""
    between_updates: float = 3.0
    reconnect: float = 1.0
    """The first pause between two connections; it doubles up to `longest_reconnect`."""
    longest_reconnect: float = 60.0
    watch: float = 5.0
    silent: float = 60.0
    ping: float = 5.0
    login: float = 8.0
    remember: float = 300.0
    remember_names: float = 6 * 3600.0
    home_tab: float = 3600.0
    shutdown: float = 2.0
