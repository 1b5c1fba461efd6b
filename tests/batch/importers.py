"""The rules by which Canvas and Moodle import gradebooks and feedback, re-implemented from their sources.

- Canvas: `lib/gradebook_importer.rb`, and `infer_comment_context_from_filename` of an assignment
- Moodle: `mod/assign/feedback/offline/importgradeslib.php` and `locallib.php`, `mod/assign/feedback/file/importziplib.php`
"""

import csv
import io
import re


class CanvasGradebook:
    """The scores of a course in Canvas, by (user id, assignment id), and what an import changes in them."""

    def __init__(self, scores, assignments):
        self.scores = dict(scores)
        self.assignments = assignments  # id: title

    def import_csv(self, content):
        """Import a file, and return (user, assignment, before, after) for each change."""
        text = content.decode("utf-8-sig")
        delimiter = self._delimiter(text)
        rows = [
            row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if any(map(str.strip, row))
        ]
        header, *lines = rows
        in_two = header[:2] == ["LastName", "FirstName"]
        assert ("Student" in header[0] and "ID" in header[1]) or (in_two and "ID" in header[2])
        student_columns = 4 if in_two else 3
        if re.search(r"SIS\s+Login\s+ID", header[student_columns - 1]):
            student_columns += 1
        elif "SIS User ID" in header[student_columns - 1] and "SIS Login ID" in header[student_columns]:
            student_columns += 2
        assert "Section" in header[student_columns - 1]
        columns = {}
        self.new_assignments = []
        for at, title in enumerate(header[student_columns:], student_columns):
            if re.search("Current (Score|Points|Grade)|Final (Score|Points|Grade)|Override", title):
                continue
            match = re.fullmatch(r".+ \((\d+)\)", title)
            number = int(match[1]) if match and int(match[1]) in self.assignments else None
            if number is None:
                number = next((key for key, name in self.assignments.items() if name == title), None)
            if number is None:
                self.new_assignments.append(title)
            else:
                columns[at] = number
        changes, read_only = [], set()
        for row in lines:
            if "Points Possible" in row[0]:
                read_only = {key for at, key in columns.items() if "read only" in row[at]}
                continue
            if all(re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", cell, re.IGNORECASE) for cell in row):
                continue
            user = int(row[2 if in_two else 1])
            for at, key in columns.items():
                before, after = self.scores.get((user, key), ""), self._normal(row[at].strip())
                if key not in read_only and not self._unchanged(before, after):
                    changes.append((user, key, before, after))
                    self.scores[user, key] = after
        return changes

    @staticmethod
    def _delimiter(text):
        counts = {}
        for one in (";", ","):
            sizes = {len(row) for row in csv.reader(text.splitlines()[:3], delimiter=one)}
            counts[one] = sizes.pop() if len(sizes) == 1 else 0
        return ";" if counts[";"] > counts[","] else ","

    @staticmethod
    def _normal(cell):
        """Turn a decimal comma into a point, as the converter of the importer does."""
        if not re.fullmatch(r"-?[0-9.,]+%?", cell):
            return cell
        *parts, last = re.split("[,.]", cell)
        return f"{''.join(parts)}.{last}" if parts else last

    @staticmethod
    def _unchanged(before, after):
        if before == after or (before in ("", "-") and after in ("", "-")):
            return True
        if not before or not after or "EX" in (before.upper(), after.upper()):
            return False
        return round(float(before), 2) == round(float(after), 2)


class MoodleWorksheet:
    """An assignment in Moodle, with its words in one language: grades and comments by participant."""

    def __init__(self, strings, participants, most, grades=(), comments=()):
        self.strings = strings  # identifier, grade, modified, comment, participant, decimal sign
        self.participants = participants
        self.most = most
        self.grades, self.comments = dict(grades), dict(comments)

    def import_csv(self, content):
        """Import a worksheet, and return (participant, field, before, after) for each change."""
        identifier, grade, modified, comment, participant, decimal = self.strings
        header, *lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        assert {identifier, grade, modified} <= set(header)
        changes = []
        for row in lines:
            number = row[header.index(identifier)][len(participant) :].strip()
            if not number.isdigit() or int(number) not in self.participants:
                continue
            who = int(number)
            text = row[header.index(grade)].strip().replace(decimal, ".")
            value = float(text) if text else None
            if value is not None and value != self.grades.get(who) and 0 <= value <= self.most:
                changes.append((who, "grade", self.grades.get(who), value))
                self.grades[who] = value
            words = row[header.index(comment)]
            if words != self.comments.get(who, ""):
                changes.append((who, "comment", self.comments.get(who, ""), words))
                self.comments[who] = words
        return changes


def moodle_feedback(names, participants):
    """Return the files that Moodle's importer of feedback takes: (participant, name of the file)."""
    taken = []
    for name in names:
        if name.rpartition("/")[2].startswith((".", "~")):
            continue
        parts = name.split("/")
        while parts:
            info = parts.pop(0).split("_", 4)
            if len(info) < 4 or not info[1].isdigit() or int(info[1]) not in participants:
                continue
            if (info[2], info[3]) not in (("assignsubmission", "file"), ("assignfeedback", "file")):
                continue
            rest = info[4] if len(info) == 5 else ""
            taken.append((int(info[1]), "/".join([rest, *parts])))
            break
    return taken


def canvas_feedback(names, attachments):
    """Return the files that Canvas attaches to submissions: (user, attachment). `attachments` has those of each user."""
    taken = []
    for name in names:
        parts = name.rpartition("/")[2].split("_")
        numbers = [int(part) for part in parts if re.fullmatch(r"[0-9]+", part)][:2]
        if len(numbers) == 2 and not parts[-1].startswith("link") and numbers[1] in attachments.get(numbers[0], ()):
            taken.append(tuple(numbers))
    return taken
