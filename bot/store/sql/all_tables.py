"""The metadata that knows all tables."""

from importlib import import_module
from pkgutil import iter_modules

from bot.store.sql import tables
from bot.store.sql.columns import metadata

for module in iter_modules(tables.__path__):
    import_module(f"{tables.__name__}.{module.name}")

__all__ = ["metadata"]
