"""The proof by crash: requests go on while the bot is killed, then ledgers are compared with the database."""
