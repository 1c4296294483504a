"""How long `/account <words>` takes to the finished card, at a thousand, a hundred thousand and a million accounts."""
