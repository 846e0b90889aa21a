"""What-ifs whose course is on record, held against what happened."""
