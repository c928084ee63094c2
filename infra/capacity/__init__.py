"""The portal's costs and limits: counted by letting it do its own work, priced from data/prices.csv.

meter.py    counts calls and units while the portal works, as AWS would bill them
scenes.py   what citizens, officers and the clock do, one scene at a time, on a local stage
model.py    counts × how often it happens × prices → a year; and which limit comes first
page.py     the tables in docs/operations/capacity-and-cost.md and scale.md
"""
