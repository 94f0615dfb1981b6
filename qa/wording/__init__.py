"""What the words of a question, or of a sentence, mean: text in, what it says out. Pure; nothing is searched or read.

asking      what is asked, and which sentences only ask
dates       "last week", "in June 2022" -> days; `reckoned`: which day "on Tuesday" was
names       who and what is named, and whose words a sentence tells
speech      who says something; `facts`: people, times, places and numbers, and whether two are the same
turns       who speaks in the record of a debate or an interview; `tables`: the cell of a table that is asked for
defining    "what is X", and the sentences that say what it is
paratext    captions, credits and editor's notes, which tell nothing
offices     which office is asked about, and whom a sentence names as its holder
countries   what a country and its people are called; `capitals`: the country that a seat of government stands for
tongues     which language a question is in
"""
