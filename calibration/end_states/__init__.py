"""End states held against what each thesis expects, and against readers who do not see them."""
