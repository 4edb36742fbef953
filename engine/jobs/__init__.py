"""What is done without being asked for.

Rule of this room: a job that fails is told of and tried again, and ends nothing.
"""
