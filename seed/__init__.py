"""What a bureau starts with (code tables, the tree of units), and made-up data for showing and measuring.

Nobody in here is real: names are drawn from pools, identity numbers carry a district code that no office
issues, telephones a number range that no operator was given.
"""
