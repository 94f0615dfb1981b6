"""The trained reader: how its weights are made. What runs them is `qa.spans`; `README.md` is its model card.

examples    question-answer data sets -> examples, and such as no passage answers
pairs       examples -> pairs of a question and a passage in tokens; an epoch, drawn; batches of about one length
network     the layers of BERT that read such a pair
train       all of this: `python -m qa.reader.train DATA OUT`
weights     the trained layers -> the file that ships
scores      how right an answer is
"""
