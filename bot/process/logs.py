"""Logs for people and for machines."""

import logging
import os
import sys

import structlog

from bot.process.log_redaction import HideSecrets, secrets_in
from bot.settings import Settings


def configure_logs(settings: Settings) -> None:
    """Send every log line, our own and the libraries', to stderr in one format."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        HideSecrets(secrets_in(os.environ)),
    ]
    pretty = (settings.log_format or ("console" if sys.stderr.isatty() else "json")) == "console"
    renderer = (
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
        if pretty
        else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.NOTSET),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def log_errors_alone() -> None:
    """Keep stdout for a command's answer: errors go to stderr, and nothing else is logged."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


QUIET = (
    "httpx",
    "httpcore",
    "aiosqlite",
    "alembic",
    "apscheduler",
    "tzlocal",
    "watchfiles",
    "slack_bolt",
    "slack_sdk",
    "aiohttp.access",
)
"""Libraries whose informative lines hold bodies and addresses, or drown ours."""
