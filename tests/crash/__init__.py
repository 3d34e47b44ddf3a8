"""The proof by crash: lives go on while the bot is killed, then ledgers are compared with the database."""
