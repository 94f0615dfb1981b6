"""The trained reader: how its weights are made. What runs them is `qa.spans`; `README.md` is its model card.

examples    question-answer data sets -> examples, and such as no passage answers
pairs       examples -> pairs of a question and a passage in tokens; an epoch, drawn
draw        epochs of pairs -> one file, `drawn`: `python -m qa.reader.draw DATA DRAWN`
network     the layers of BERT that read such a pair
train       DRAWN -> a reader: `python -m qa.reader.train DRAWN OUT`
distil      a reader that learns from several: `python -m qa.reader.distil DRAWN OUT --begin READER`
refine      a reader, trained on: `python -m qa.reader.refine DRAWN OUT --begin READER`
weights     the trained layers -> the file that ships
scores      how right an answer is
"""
