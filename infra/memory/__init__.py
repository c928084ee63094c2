"""AWS in memory, fast enough for tens of thousands of runs: DynamoDB and SES at the end of botocore's wire, with faults."""
