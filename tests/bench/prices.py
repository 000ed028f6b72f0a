"""Public on-demand prices in us-east-1, in dollars, as of November 2025; no free tier is counted."""

MILLION = 1_000_000

LAMBDA_GB_SECOND = 0.0000133334  # arm64
LAMBDA_REQUEST = 0.20 / MILLION
SQS_FIFO_REQUEST = 0.50 / MILLION
TABLE_WRITE_UNIT = 0.625 / MILLION
TABLE_READ_UNIT = 0.125 / MILLION
TABLE_GB_MONTH = 0.25 + 0.20  # kept, and kept for recovery to any moment
SECRET_MONTH = 0.40
SECRET_CALL = 0.05 / 10_000 + 0.03 / 10_000  # and the key that it is encrypted with
API_REQUEST = 3.50 / MILLION
LOG_GB = 0.50
