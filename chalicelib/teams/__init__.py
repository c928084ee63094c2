"""The teams of a police unit: who is in them, and which new reports come to them."""
