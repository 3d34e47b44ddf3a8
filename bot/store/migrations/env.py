"""What alembic runs: the connection is handed in by `bot.store.schema`; there is no other way to run it."""

from alembic import context

from bot.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
