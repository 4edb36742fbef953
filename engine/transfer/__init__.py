"""Putting through (§2.3, §5.2.4): a contact's ordered list of targets, and what comes of each.

Rule of this room: values and walks; who rings whom, and who hears whom meanwhile, is the call machine's business.
"""
