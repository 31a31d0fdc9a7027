#include "bqconn/manifest/yaml.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <map>
#include <optional>
#include <sstream>

#include "bqconn/core/error.hpp"
#include "bqconn/core/inert.hpp"
#include "bqconn/core/secret_shape.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/json/parse.hpp"

namespace bqconn::manifest {
namespace {

using json::Json;
using Kind = Node::Kind;

constexpr const char* no_anchors = "anchors, aliases and merge keys (&, *, <<) are not supported";
constexpr const char* no_anchors_hint =
    "write the value at each place; put a text that begins with & or * in quotes";
constexpr const char* no_tags = "tags (!) are not supported";
constexpr const char* no_tags_hint = "remove the tag; put a text that begins with ! in quotes";
constexpr const char* not_a_key = "a key is not a text, or a bracket is not closed";
constexpr const char* not_a_key_hint =
    "close each [ and {; put a key that is empty or null in quotes";
constexpr const char* unclosed_hint = "close it, or add the missing comma";

// ---- reading

// Builds the tree from the values in the order of the file.
class Builder {
  public:
    explicit Builder(std::string file) : file_(std::move(file)) {}

    [[noreturn]] void refuse(std::size_t line, const std::string& problem,
                             const std::string& hint) const {
        throw Error(ExitCode::config, "config.manifest",
                    inert_line(file_) + ":" + std::to_string(line) + ": " + problem, hint);
    }

    bool expects_key() const {
        return !open_.empty() && open_.back().node.kind == Kind::map && !open_.back().key;
    }
    const Node* innermost() const { return open_.empty() ? nullptr : &open_.back().node; }
    bool expects_value_of_key() const { return !open_.empty() && open_.back().key; }

    void open(Kind kind, std::size_t line) {
        if (expects_key()) {
            refuse(line, not_a_key, not_a_key_hint);
        }
        if (open_.size() >= json::deepest_level) {
            refuse(line,
                   "is nested more than " + std::to_string(json::deepest_level) + " levels deep",
                   "a manifest needs fewer than ten: check the brackets and the indentation");
        }
        open_.emplace_back().node = {.kind = kind, .line = line};
    }

    void close() {
        Node node = std::move(open_.back().node);
        open_.pop_back();
        add(std::move(node));
    }

    void add(Node node) {
        if (node.text.find('\0') != std::string::npos) {
            refuse(node.line, "a text contains a NUL character", "remove it");
        }
        if (open_.empty()) {
            root_ = std::move(node);
            return;
        }
        auto& [parent, key, lines] = open_.back();
        if (parent.kind == Kind::list) {
            parent.items.push_back(std::move(node));
        } else if (key) {
            parent.members.emplace_back(std::move(*key), std::move(node));
            key.reset();
        } else {
            if (node.kind != Kind::text) {
                refuse(node.line, not_a_key, not_a_key_hint);
            }
            const auto [first, is_new] = lines.emplace(node.text, node.line);
            if (!is_new) {
                refuse(node.line,
                       "the key " +
                           (node.text.size() <= 64 && is_plainly_a_name(node.text)
                                ? in_quotes(node.text) + " "
                                : "") +
                           "is already in the same map, on line " + std::to_string(first->second),
                       "remove one of the two");
            }
            key = std::move(node);
        }
    }

    Node take_root() {
        if (root_.kind == Kind::nothing) {
            refuse(1, "the file is empty", "\"bqconn init --manifest\" writes one to start from");
        }
        return std::move(root_);
    }

  private:
    struct Open {
        Node node;
        std::optional<Node> key = {};
        std::map<std::string, std::size_t> lines = {};  // of the keys
    };

    std::string file_;
    std::vector<Open> open_;
    Node root_;
};

std::size_t line_at(std::string_view text, std::size_t at) {
    const auto before = text.substr(0, at);
    return 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
}

// JSON is read by a JSON reader: yaml-cpp knows no surrogate pairs, and requires the colon in the
// line of its key.
class JsonEvents final : public Json::json_sax_t {
  public:
    JsonEvents(std::string_view text, std::istream& in, Builder& builder)
        : text_(text), in_(in), builder_(builder) {}

    bool null() override { return add({}); }
    bool boolean(bool value) override { return add_text(value ? "true" : "false"); }
    bool number_integer(std::int64_t value) override { return add_text(std::to_string(value)); }
    bool number_unsigned(std::uint64_t value) override { return add_text(std::to_string(value)); }
    bool number_float(double, const std::string& written) override { return add_text(written); }
    bool string(std::string& value) override { return add_text(std::move(value)); }
    bool key(std::string& value) override { return add_text(std::move(value)); }
    bool binary(Json::binary_t&) override { return false; }
    bool start_object(std::size_t) override { return open(Kind::map); }
    bool start_array(std::size_t) override { return open(Kind::list); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool parse_error(std::size_t, const std::string&, const Json::exception&) override {
        return false;
    }

  private:
    // The reader is at most one character past the value, which is in one line.
    std::size_t line() {
        const auto read = in_.rdbuf()->pubseekoff(0, std::ios::cur, std::ios::in);
        const auto at = static_cast<std::size_t>(std::max<std::streamoff>(read, 1)) - 1;
        line_ += line_at(text_.substr(counted_), at - counted_) - 1;
        counted_ = at;
        return line_;
    }
    bool add(Node node) {
        node.line = line();
        builder_.add(std::move(node));
        return true;
    }
    bool add_text(std::string text) { return add({.kind = Kind::text, .text = std::move(text)}); }
    bool open(Kind kind) {
        builder_.open(kind, line());
        return true;
    }
    bool close() {
        builder_.close();
        return true;
    }

    std::string_view text_;
    std::istream& in_;
    Builder& builder_;
    std::size_t line_ = 1;
    std::size_t counted_ = 0;
};

class YamlEvents final : public YAML::EventHandler {
  public:
    YamlEvents(std::string_view text, Builder& builder) : text_(text), builder_(builder) {}

    std::size_t latest() const { return latest_; }  // where the latest value begins

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (!seen_document_) {
            seen_document_ = true;
        } else if (text_.substr(offset(mark)).starts_with("---")) {
            builder_.refuse(line(mark), "a second document begins here (---)",
                            "write one file for each");
        } else {
            builder_.refuse(line(mark), "does not belong to what is above it",
                            "indent the line like its neighbours");
        }
    }
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        check({}, anchor, mark);
        // yaml-cpp takes a line without a colon for a key without a value.
        if (builder_.expects_value_of_key() && offset(mark) == latest_ && !in_brackets_.back()) {
            builder_.refuse(line(mark), "has no colon after the key", "write \"key: value\"");
        }
        builder_.add({.line = line_of_nothing(mark)});
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
        builder_.refuse(line(mark), no_anchors, no_anchors_hint);
    }
    void OnAnchor(const YAML::Mark& mark, const std::string&) override {
        builder_.refuse(line(mark), no_anchors, no_anchors_hint);
    }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        check(tag, anchor, mark);
        if (builder_.expects_key() && tag == plain && value == "<<") {
            builder_.refuse(line(mark), no_anchors, no_anchors_hint);
        }
        builder_.add({.kind = Kind::text, .text = value, .line = line(mark)});
        latest_ = offset(mark);
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value style) override {
        start(Kind::list, mark, tag, anchor, style);
    }
    void OnSequenceEnd() override { end(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value style) override {
        start(Kind::map, mark, tag, anchor, style);
    }
    void OnMapEnd() override { end(); }

  private:
    static constexpr std::string_view plain = "?";
    static constexpr std::string_view quoted = "!";

    static std::size_t line(const YAML::Mark& mark) {
        return static_cast<std::size_t>(mark.line) + 1;
    }
    std::size_t offset(const YAML::Mark& mark) const {
        return std::min(static_cast<std::size_t>(mark.pos), text_.size());
    }

    void check(std::string_view tag, YAML::anchor_t anchor, const YAML::Mark& mark) const {
        if (anchor != YAML::NullAnchor) {
            builder_.refuse(line(mark), no_anchors, no_anchors_hint);
        }
        if (!tag.empty() && tag != plain && tag != quoted) {
            builder_.refuse(line(mark), no_tags, no_tags_hint);
        }
    }

    void start(Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
               YAML::EmitterStyle::value style) {
        check(tag, anchor, mark);
        builder_.open(kind, line(mark));
        in_brackets_.push_back(style == YAML::EmitterStyle::Flow);
        latest_ = offset(mark);
    }
    void end() {
        builder_.close();
        in_brackets_.pop_back();
    }

    // yaml-cpp gives a missing value the position of what follows it; its own line is the last one
    // before it that is not empty or a comment.
    std::size_t line_of_nothing(const YAML::Mark& mark) const {
        auto number = line(mark);
        const auto here = text_.substr(offset(mark));
        if (here.starts_with('~') || to_lower_ascii(here.substr(0, 4)) == "null") {
            return number;
        }
        for (auto before = text_.substr(0, offset(mark));; --number) {
            const auto begin = before.rfind('\n') + 1;  // 0 if there is none
            const auto content = trim_ascii(before.substr(begin));
            if (begin == 0 || (!content.empty() && !content.starts_with('#'))) {
                return number;
            }
            before = before.substr(0, begin - 1);
        }
    }

    std::string_view text_;
    Builder& builder_;
    bool seen_document_ = false;
    std::size_t latest_ = 0;
    std::vector<bool> in_brackets_;  // for each open list and map
};

// What a message of yaml-cpp means.
struct Meaning {
    std::string_view message;  // its start
    const char* problem;
    const char* hint;
};

constexpr const char* bad_escape = "an escape in double quotes is invalid";
constexpr const char* bad_escape_hint = "write \\\\ for a backslash, or use single quotes";
constexpr const char* indent_hint =
    "indent the line like its neighbours; put a text that contains quotes or \": \" in quotes";

// Null for a rare message.
const Meaning* meaning_of(std::string_view message) {
    static const std::array meanings{
        Meaning{YAML::ErrorMsg::MAP_VALUE, "a colon is not allowed here",
                "indent the line like its neighbours; check the colon of the line above; put a "
                "text that contains \": \" in quotes"},
        Meaning{YAML::ErrorMsg::END_OF_MAP_FLOW, "a \"{\" is not closed, or a comma is missing",
                unclosed_hint},
        Meaning{YAML::ErrorMsg::END_OF_SEQ_FLOW, "a \"[\" is not closed, or a comma is missing",
                unclosed_hint},
        Meaning{YAML::ErrorMsg::END_OF_MAP, "is not a \"key: value\" of the map above it",
                indent_hint},
        Meaning{YAML::ErrorMsg::END_OF_SEQ, "is not a \"- item\" of the list above it",
                indent_hint},
        Meaning{YAML::ErrorMsg::BLOCK_ENTRY, "a list item (-) is not allowed here",
                "write each item on a line of its own; put a text that begins with - in quotes"},
        Meaning{YAML::ErrorMsg::MAP_KEY, "a question mark is not allowed here",
                "put a text that begins with ? in quotes"},
        Meaning{YAML::ErrorMsg::FLOW_END, "a closing bracket does not match an opening one",
                "remove it, or put the text in quotes"},
        Meaning{YAML::ErrorMsg::UNKNOWN_TOKEN, "a text begins with a character that YAML reserves",
                "put it in quotes"},
        Meaning{YAML::ErrorMsg::TAB_IN_INDENTATION, "is indented with a tab", "indent with spaces"},
        Meaning{YAML::ErrorMsg::CHAR_IN_BLOCK, "a text follows | or > on the same line",
                "write the text on the next lines, indented; put one that begins with | or > in "
                "quotes"},
        Meaning{YAML::ErrorMsg::INVALID_ESCAPE, bad_escape, bad_escape_hint},
        Meaning{YAML::ErrorMsg::INVALID_UNICODE, bad_escape,
                "write the character itself, or its code as \\U0001f600"},
        Meaning{YAML::ErrorMsg::INVALID_HEX, bad_escape, bad_escape_hint},
        Meaning{YAML::ErrorMsg::UNKNOWN_ANCHOR, no_anchors, no_anchors_hint},
        Meaning{YAML::ErrorMsg::ALIAS_NOT_FOUND, no_anchors, no_anchors_hint},
        Meaning{YAML::ErrorMsg::ANCHOR_NOT_FOUND, no_anchors, no_anchors_hint},
        Meaning{YAML::ErrorMsg::CHAR_IN_ALIAS, no_anchors, no_anchors_hint},
        Meaning{YAML::ErrorMsg::CHAR_IN_ANCHOR, no_anchors, no_anchors_hint},
        Meaning{YAML::ErrorMsg::MULTIPLE_ANCHORS, no_anchors, no_anchors_hint},
        Meaning{YAML::ErrorMsg::MULTIPLE_TAGS, no_tags, no_tags_hint},
        Meaning{YAML::ErrorMsg::CHAR_IN_TAG_HANDLE, no_tags, no_tags_hint},
        Meaning{YAML::ErrorMsg::TAG_WITH_NO_SUFFIX, no_tags, no_tags_hint},
        Meaning{YAML::ErrorMsg::END_OF_VERBATIM_TAG, no_tags, no_tags_hint},
    };
    const auto found = std::find_if(
        meanings.begin(), meanings.end(),
        [message](const Meaning& meaning) { return message.starts_with(meaning.message); });
    return found == meanings.end() ? nullptr : &*found;
}

bool is_indented_with_tab(std::string_view text, std::size_t line) {
    for (; line > 1; --line) {
        text.remove_prefix(text.find('\n') + 1);
    }
    return text.substr(0, text.find_first_not_of(" \t")).find('\t') != std::string_view::npos;
}

// Where a quote is opened that is never closed, from `at` on.
std::size_t open_quote(std::string_view text, std::size_t at) {
    for (; at < text.size(); ++at) {
        const char quote = text[at];
        constexpr std::string_view before = " \t\r\n[{,:";
        if ((quote != '"' && quote != '\'') ||
            (at > 0 && before.find(text[at - 1]) == std::string_view::npos)) {
            continue;
        }
        auto end = at + 1;
        while (end < text.size() && text[end] != quote) {
            end += quote == '"' && text[end] == '\\' ? 2 : 1;
        }
        if (end >= text.size()) {
            return at;
        }
        at = end;
    }
    return at;
}

[[noreturn]] void explain(const YAML::Exception& error, std::string_view text,
                          const YamlEvents& events, const Builder& builder) {
    const std::string_view message = error.msg;
    if (message == YAML::ErrorMsg::EOF_IN_SCALAR || message == YAML::ErrorMsg::DOC_IN_SCALAR) {
        builder.refuse(line_at(text, open_quote(text, events.latest())),
                       "a quote is opened and not closed",
                       "close it; put a text that begins with a quote in the other quotes");
    }
    const auto last = line_at(text, text.find_last_not_of(" \t\r\n"));
    const auto line = static_cast<std::size_t>(std::max(error.mark.line, 0)) + 1;
    const Node* inside = builder.innermost();
    const bool unclosed =
        message == YAML::ErrorMsg::END_OF_MAP_FLOW || message == YAML::ErrorMsg::END_OF_SEQ_FLOW;
    const auto shown =
        unclosed && inside != nullptr && line > last ? inside->line : std::min(line, last);
    const bool in_block =
        message == YAML::ErrorMsg::MAP_VALUE || message == YAML::ErrorMsg::MAP_KEY ||
        message == YAML::ErrorMsg::BLOCK_ENTRY || message == YAML::ErrorMsg::END_OF_MAP ||
        message == YAML::ErrorMsg::END_OF_SEQ;
    if (in_block && is_indented_with_tab(text, shown)) {
        builder.refuse(shown, "is indented with a tab", "indent with spaces");
    }
    if (const auto* meaning = meaning_of(message)) {
        builder.refuse(shown, meaning->problem, meaning->hint);
    }
    builder.refuse(shown, "is not valid YAML", "put texts with special characters in quotes");
}

void check_characters(std::string_view text, const Builder& builder) {
    for (std::size_t line = 1; !text.empty(); ++line) {
        const auto end = text.find('\n');
        auto content = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (content.ends_with('\r')) {
            content.remove_suffix(1);
        }
        if (!is_utf8(content)) {
            builder.refuse(line, "is not valid UTF-8", "save the file as UTF-8 text");
        }
        // yaml-cpp takes the byte 4 for the end of the file.
        if (has_control_character(replace_all(content, "\t", " "))) {
            builder.refuse(line, "contains a control character",
                           "remove it, or save as UTF-8 text");
        }
    }
}

// None if the text is not JSON.
std::optional<Node> read_json(std::string_view text, const std::string& file) {
    std::istringstream in{std::string(text)};
    Builder builder(file);
    JsonEvents events(text, in, builder);
    return Json::sax_parse(in, &events) ? std::optional(builder.take_root()) : std::nullopt;
}

Node read_yaml(std::string_view text, const std::string& file) {
    const std::string lines = std::string(text) + (text.ends_with('\n') ? "" : "\n");
    // Ended by a marker: yaml-cpp 0.7 aborts if a file ends after an anchor or tag.
    std::istringstream in(lines + "...\n");
    Builder builder(file);
    YamlEvents events(lines, builder);
    try {
        YAML::Parser parser(in);
        while (parser.HandleNextDocument(events)) {
        }
    } catch (const YAML::Exception& error) {
        explain(error, lines, events, builder);
    }
    return builder.take_root();
}

// ---- writing

// Whether any reader of YAML 1.1 or 1.2 could take a plain text for something else.
bool looks_converted(std::string_view text) {
    constexpr std::array<std::string_view, 14> words{"true", "false", "yes",  "no",   "on",
                                                     "off",  "y",     "n",    "null", "~",
                                                     "=",    "<<",    ".inf", ".nan"};
    const std::string lower = to_lower_ascii(text);
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const std::string_view unsigned_part =
        std::string_view(lower).substr(lower.find_first_not_of("+-.") == 1 ? 1 : 0);
    const bool prefixed = unsigned_part.starts_with("0x") || unsigned_part.starts_with("0o") ||
                          unsigned_part.starts_with("0b");
    return std::find(words.begin(), words.end(), lower) != words.end() || prefixed ||
           (!unsigned_part.empty() && is_digit(unsigned_part.front()) &&
            lower.find_first_not_of("0123456789_.,:+-etz ") == std::string::npos);
}

bool is_plain(std::string_view text) {
    constexpr std::string_view reserved = "-?:,[]{}#&*!|>'\"%@`.";
    return !text.empty() && reserved.find(text.front()) == std::string_view::npos &&
           text.find(": ") == std::string_view::npos && text.find(" #") == std::string_view::npos &&
           !text.ends_with(':') && trim_ascii(text) == text && inert_line(text) == text;
}

// As a literal block (|), each line as it is: for texts of several lines without special ones.
bool fits_block(std::string_view text) {
    if (text.find('\n') == std::string_view::npos || text.ends_with("\n\n") ||
        inert_text(text) != text) {
        return false;
    }
    const auto lines = split(text, '\n');
    return !lines.front().empty() &&
           std::all_of(lines.begin(), lines.end(),
                       [](const std::string& line) { return trim_ascii(line) == line; });
}

// Every character that could do harm is escaped, as in JSON. YAML has no surrogate pairs.
std::string double_quoted(std::string_view text) {
    const std::string json = json::to_line(Json(text));
    std::string out;
    for (std::size_t at = 0; at < json.size(); ++at) {
        unsigned high = 0;
        unsigned low = 0;
        if (json.compare(at, 3, "\\ud") == 0 &&
            std::sscanf(json.substr(at, 12).c_str(), "\\u%4x\\u%4x", &high, &low) == 2) {
            std::array<char, 11> escape{};
            std::snprintf(escape.data(), escape.size(), "\\U%08x",
                          0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00));
            out += escape.data();
            at += 11;
        } else {
            out += json[at];
            if (json[at] == '\\') {
                out += json[++at];
            }
        }
    }
    return out;
}

class Writer {
  public:
    std::string take() { return std::move(out_); }

    void comment(const Node& node, std::size_t indent) {
        if (!node.comment.empty()) {
            for (const auto& line : split(node.comment, '\n')) {
                const auto text = inert_line(line);
                out_ += std::string(indent, ' ') + (text.empty() ? "#" : "# " + text) + "\n";
            }
        }
    }

    // Continues a line that ends with the blank after a colon or a dash, if there is one.
    void value(const Node& node, std::size_t indent) {
        if (node.kind == Kind::nothing) {
            out_ += "null\n";
        } else if (node.kind == Kind::text) {
            text(node, indent);
        } else if (node.items.empty() && node.members.empty()) {
            out_ += node.kind == Kind::list ? "[]\n" : "{}\n";
        }
        for (const auto& item : node.items) {
            begin_line(item, indent);
            out_ += "- ";
            value(item, indent + 2);
        }
        for (const auto& [key, member] : node.members) {
            begin_line(member, indent);
            this->key(key.text, indent);
            out_ += ": ";
            value(member, indent + 2);
        }
    }

  private:
    // The first child of an item may share the line of the dash.
    void begin_line(const Node& child, std::size_t indent) {
        if (out_.ends_with(' ')) {
            if (out_.ends_with("- ") && child.comment.empty()) {
                return;
            }
            out_.back() = '\n';
        }
        comment(child, indent);
        out_.append(indent, ' ');
    }

    void text(const Node& node, std::size_t indent) {
        if (is_plain(node.text) && (node.bare || !looks_converted(node.text))) {
            out_ += node.text + "\n";
        } else if (fits_block(node.text)) {
            out_ += node.text.ends_with('\n') ? "|\n" : "|-\n";
            for (const auto& line : split(trim_ascii(node.text), '\n')) {
                out_ += line.empty()
                            ? "\n"
                            : std::string(std::max<std::size_t>(indent, 2), ' ') + line + "\n";
            }
        } else {
            out_ += double_quoted(node.text) + "\n";
        }
    }

    void key(const std::string& key, std::size_t indent) {
        const auto written = is_plain(key) && !looks_converted(key) ? key : double_quoted(key);
        // Readers look for the colon of a key for no more than 1024 characters.
        out_ += written.size() < 1000 ? written : "? " + written + "\n" + std::string(indent, ' ');
    }

    std::string out_;
};

}  // namespace

Node parse_yaml(std::string_view text, const std::string& file) {
    text = without_bom(text);
    check_characters(text, Builder(file));
    const auto content = trim_ascii(text);
    if (content.starts_with('{') || content.starts_with('[')) {
        if (auto node = read_json(text, file)) {
            return std::move(*node);
        }
    }
    return read_yaml(text, file);
}

std::string to_yaml(const Node& node) {
    Writer writer;
    writer.comment(node, 0);
    writer.value(node, 0);
    return writer.take();
}

}  // namespace bqconn::manifest
