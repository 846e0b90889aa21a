"""What each thesis said would come, what came, and how surprised the model was."""
