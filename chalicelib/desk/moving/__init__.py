"""Handing a report over to another police unit, by hand or by the rules."""
