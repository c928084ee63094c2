"""The ground that any feature may use: settings, clock, ids, errors, log, tables, languages.

Imports nothing from the features.
"""
