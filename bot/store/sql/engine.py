"""SQLAlchemy's asyncio engine without the ORM (decision 6)."""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

import sqlalchemy.ext

_WHOLE = "sqlalchemy.ext.asyncio"


def _engine() -> ModuleType:
    """Imported while an empty package stands in for the whole one."""
    if _WHOLE in sys.modules:
        return import_module(f"{_WHOLE}.engine")
    sys.modules[_WHOLE] = stand_in = ModuleType(_WHOLE)
    stand_in.__path__ = [f"{folder}/asyncio" for folder in sqlalchemy.ext.__path__]
    try:
        return import_module(f"{_WHOLE}.engine")
    finally:
        del sys.modules[_WHOLE]


if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
else:
    _found = _engine()
    AsyncConnection, AsyncEngine = _found.AsyncConnection, _found.AsyncEngine
    create_async_engine = _found.create_async_engine

__all__ = ["AsyncConnection", "AsyncEngine", "create_async_engine"]
