"""AWS in memory, fast enough for tens of thousands of runs: DynamoDB and SES at the end of botocore's wire, with faults.

The engine of the whole replay, of the crash matrix and of simulations: operators and benches run it, so it stands in infra and
not in tests. It is compared with moto by the same tests (tests/contract, tests/unit/test_memory.py).
"""
