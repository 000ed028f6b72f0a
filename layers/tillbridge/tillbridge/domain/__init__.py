"""Pure rules: catalogue, stock, planning. No AWS, no HTTP, nothing else of ours."""
