"""What things mean: accounts, contacts, conversations, what is said and what was missed."""
