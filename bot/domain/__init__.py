"""What a request is and what may become of it: pure values."""
