"""The proof by crash: lives are lived while the bot is killed, then the ledgers are compared with the database."""
