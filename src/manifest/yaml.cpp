#include "bqconn/manifest/yaml.hpp"

#include <yaml-cpp/emitter.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
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

using Kind = Node::Kind;

// ---- reading

std::size_t line_of(const YAML::Mark& mark) {
    return static_cast<std::size_t>(std::max(mark.line, 0)) + 1;
}

// Builds the tree from yaml-cpp's events.
class YamlReader final : public YAML::EventHandler {
  public:
    YamlReader(std::string_view text, const std::string& file)
        : text_(text), file_(file), last_line_(line_at(text.find_last_not_of("\r\n"))) {}

    Node read();

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (has_document_) {
            refuse(line_of(mark), "the line is not part of the document above it",
                   "give the line the indentation of its neighbours; put a second document (---) "
                   "in its own file");
        }
        has_document_ = true;
    }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
        const bool has_key = !open_.empty() && open_.back().key;
        // yaml-cpp treats a line without a colon as a key without a value.
        if (has_key && mark.pos == latest_ && !open_.back().in_brackets) {
            refuse(line_of(mark), "the key is not followed by a colon", "write \"key: value\"");
        }
        // yaml-cpp gives a missing value the position of what follows it, perhaps past the end.
        add({.line = has_key ? open_.back().key->line : std::min(line_of(mark), last_line_)});
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { refuse_anchor(line_of(mark)); }
    void OnAnchor(const YAML::Mark& mark, const std::string&) override {
        refuse_anchor(line_of(mark));
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                  const std::string& value) override {
        if (expects_key() && tag == plain && value == "<<") {
            refuse_anchor(line_of(mark));
        }
        check_tag(tag, mark);
        add({.kind = Kind::text, .text = value, .line = line_of(mark)});
        latest_ = mark.pos;
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                         YAML::EmitterStyle::value style) override {
        open(Kind::list, mark, tag, style);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                    YAML::EmitterStyle::value style) override {
        open(Kind::map, mark, tag, style);
    }
    void OnMapEnd() override { close(); }

  private:
    struct Open {
        Node node;
        bool in_brackets;
        std::optional<Node> key = {};                   // whose value comes next
        std::map<std::string, std::size_t> lines = {};  // of the keys
    };
    static constexpr std::string_view plain = "?";
    static constexpr std::string_view quoted = "!";

    [[noreturn]] void refuse(std::size_t line, const std::string& problem,
                             const std::string& hint) const {
        throw Error(ExitCode::config, "config.manifest",
                    inert_line(file_) + ":" + std::to_string(line) + ": " + problem, hint);
    }
    [[noreturn]] void refuse_anchor(std::size_t line) const {
        refuse(line, "anchors, aliases and merge keys (&, *, <<) are not supported",
               "repeat the value in each place; quote a value that begins with & or *");
    }
    [[noreturn]] void refuse_tag(std::size_t line) const {
        refuse(line, "tags (!) are not supported",
               "remove the tag; quote a value that begins with !");
    }
    [[noreturn]] void refuse_key(std::size_t line) const {
        refuse(line, "a key is not a string, or a bracket is not closed",
               "close each [ and {; quote a key that is empty or null");
    }
    [[noreturn]] void explain(const YAML::Exception& error) const;

    void check_characters() const {
        std::size_t line = 0;
        for (const auto& text : split(text_, '\n')) {
            ++line;
            // yaml-cpp treats byte 4 as the end of the file.
            if (!is_utf8(text) || has_control_character(replace_all(trim_ascii(text), "\t", " "))) {
                refuse(line, "the line is not UTF-8, or contains a control character",
                       "remove the character, or save the file as UTF-8");
            }
        }
    }
    void check_tag(std::string_view tag, const YAML::Mark& mark) const {
        if (!tag.empty() && tag != plain && tag != quoted) {
            refuse_tag(line_of(mark));
        }
    }
    bool expects_key() const {
        return !open_.empty() && open_.back().node.kind == Kind::map && !open_.back().key;
    }
    void open(Kind kind, const YAML::Mark& mark, const std::string& tag,
              YAML::EmitterStyle::value style);
    void close() {
        Node node = std::move(open_.back().node);
        open_.pop_back();
        add(std::move(node));
    }
    void add(Node node);
    void add_key(Node node);

    std::size_t line_at(std::size_t at) const {
        const auto before = text_.substr(0, at);
        return 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
    }
    bool is_indented_with_tab(std::size_t line) const {
        const auto text = split(text_, '\n').at(line - 1);
        return text.substr(0, text.find_first_not_of(" \t")).find('\t') != std::string::npos;
    }
    std::size_t open_quote() const;

    std::string_view text_;
    const std::string& file_;
    std::size_t last_line_;
    std::vector<Open> open_;
    Node root_;
    bool has_document_ = false;
    int latest_ = 0;  // where the latest value begins
};

void YamlReader::open(Kind kind, const YAML::Mark& mark, const std::string& tag,
                      YAML::EmitterStyle::value style) {
    check_tag(tag, mark);
    if (expects_key()) {
        refuse_key(line_of(mark));
    }
    if (open_.size() >= json::deepest_level) {
        refuse(
            line_of(mark),
            "the value is nested more than " + std::to_string(json::deepest_level) + " levels deep",
            "a manifest needs fewer than ten: check the brackets and the indentation");
    }
    open_.push_back({.node = {.kind = kind, .line = line_of(mark)},
                     .in_brackets = style == YAML::EmitterStyle::Flow});
    latest_ = mark.pos;
}

void YamlReader::add(Node node) {
    if (node.text.find('\0') != std::string::npos) {
        refuse(node.line, "a value contains a NUL character", "remove it");
    }
    if (open_.empty()) {
        root_ = std::move(node);
        return;
    }
    Open& parent = open_.back();
    if (parent.node.kind == Kind::list) {
        parent.node.items.push_back(std::move(node));
    } else if (parent.key) {
        parent.node.members.emplace_back(std::move(*parent.key), std::move(node));
        parent.key.reset();
    } else {
        add_key(std::move(node));
    }
}

void YamlReader::add_key(Node node) {
    if (node.kind != Kind::text) {
        refuse_key(node.line);
    }
    const auto [first, is_new] = open_.back().lines.emplace(node.text, node.line);
    if (!is_new) {
        const bool is_shown = node.text.size() <= 64 && is_plainly_a_name(node.text);
        refuse(node.line,
               "the key " + (is_shown ? in_quotes(node.text) + " " : "") +
                   "is already in the same map, on line " + std::to_string(first->second),
               "remove one of the two");
    }
    open_.back().key = std::move(node);
}

// Finds where the unclosed quote begins, which yaml-cpp does not report.
std::size_t YamlReader::open_quote() const {
    constexpr std::string_view before = " \t\r\n[{,:";
    auto at = static_cast<std::size_t>(latest_);
    while ((at = text_.find_first_of("'\"", at)) != std::string_view::npos) {
        const auto start = at++;
        if (start > 0 && before.find(text_[start - 1]) == std::string_view::npos) {
            continue;
        }
        while (at < text_.size() && text_[at] != text_[start]) {
            at += text_[start] == '"' && text_[at] == '\\' ? 2 : 1;
        }
        if (at >= text_.size()) {
            return start;
        }
        ++at;
    }
    return text_.size();
}

void YamlReader::explain(const YAML::Exception& error) const {
    const std::string_view message = error.msg;
    const auto has = [message](std::string_view word) {
        return message.find(word) != std::string_view::npos;
    };
    const auto last = line_at(text_.find_last_not_of(" \t\r\n"));
    const auto line = std::min(line_of(error.mark), last);
    const bool in_brackets = !open_.empty() && open_.back().in_brackets;
    if (message == YAML::ErrorMsg::EOF_IN_SCALAR || message == YAML::ErrorMsg::DOC_IN_SCALAR) {
        refuse(line_at(open_quote()), "a quote is not closed",
               "close it; enclose a value that begins with a quote in the other kind of quotes");
    }
    if (has("anchor") || has("alias")) {
        refuse_anchor(line);
    }
    if (has("tag")) {
        refuse_tag(line);
    }
    if (in_brackets && (message == YAML::ErrorMsg::END_OF_MAP_FLOW ||
                        message == YAML::ErrorMsg::END_OF_SEQ_FLOW)) {
        refuse(line_of(error.mark) > last ? open_.back().node.line : line,
               "a bracket is not closed, or a comma is missing",
               "close each [ and {; put a comma between two items");
    }
    if (!in_brackets && is_indented_with_tab(line)) {
        refuse(line, "the line is indented with a tab", "indent with spaces");
    }
    // The part of a message after a colon may come from the file.
    refuse(line, "the line is not valid YAML: " + std::string(message.substr(0, message.find(':'))),
           "give the line the indentation of its neighbours; check the colon in the line above; "
           "quote a value that contains special characters");
}

Node YamlReader::read() {
    check_characters();
    // The end marker is needed: yaml-cpp 0.7 aborts if a file ends after an anchor or tag.
    std::istringstream in(std::string(text_) + "\n...\n");
    try {
        YAML::Parser parser(in);
        while (parser.HandleNextDocument(*this)) {
        }
    } catch (const YAML::Exception& error) {
        explain(error);
    }
    if (root_.kind == Kind::nothing) {
        refuse(1, "the file is empty", "bqconn init --manifest writes an example");
    }
    return std::move(root_);
}

// JSON writes a character above U+FFFF as two escapes, YAML as one.
std::string with_single_escapes(std::string text) {
    for (auto at = text.find('\\'); at < text.size(); at = text.find('\\', at + 2)) {
        unsigned high = 0;
        unsigned low = 0;
        if (std::sscanf(text.substr(at, 12).c_str(), "\\u%4x\\u%4x", &high, &low) == 2 &&
            high >> 10 == 0x36 && low >> 10 == 0x37) {
            std::array<char, 11> escape{};
            std::snprintf(escape.data(), escape.size(), "\\U%08x",
                          0x10000 + ((high & 0x3ffU) << 10) + (low & 0x3ffU));
            text.replace(at, 12, escape.data());
        }
    }
    return text;
}

// ---- writing

// Whether a YAML 1.1 or 1.2 reader could read an unquoted string as another type.
bool looks_converted(std::string_view text) {
    constexpr std::array<std::string_view, 9> words{"true", "false", "yes", "no",  "on",
                                                    "off",  "y",     "n",   "null"};
    const std::string lower = to_lower_ascii(text);
    return std::find(words.begin(), words.end(), lower) != words.end() ||
           lower.find_first_of("+-.=~<") == 0 ||
           (lower.find_first_of("0123456789") == 0 &&
            lower.find_first_not_of("0123456789abcdefotxz_.,:+- ") == std::string::npos);
}

void write_text(YAML::Emitter& out, const Node& node) {
    std::string_view text = node.text;
    if (inert_text(text) != text) {
        out << YAML::DoubleQuoted << YAML::EscapeNonAscii;
    } else if (text.find('\n') != std::string::npos) {
        // A block that yaml-cpp writes ends with one line break and cannot begin with a space.
        const bool fits =
            text.ends_with('\n') && !text.ends_with("\n\n") && text.find_first_of(" \n") != 0;
        text.remove_suffix(fits ? 1 : 0);
        out << (fits ? YAML::Literal : YAML::DoubleQuoted);
    } else if (!node.bare && looks_converted(text)) {
        out << YAML::DoubleQuoted;
    }
    out << std::string(text);
}

// Whether a node fits on one line: a list of strings, such as sandboxes, or a single key, such as
// {env: NAME}.
bool is_short(const Node& node) {
    const auto fits = [](const Node& one) {
        return one.kind == Kind::text && one.text.size() <= 40 &&
               one.text.find('\n') == std::string::npos;
    };
    return node.kind == Kind::list
               ? node.items.size() <= 5 && std::all_of(node.items.begin(), node.items.end(), fits)
               : node.members.empty() ||
                     (node.members.size() == 1 && fits(node.members.front().first) &&
                      fits(node.members.front().second));
}

void write(YAML::Emitter& out, const Node& node) {
    if (node.kind == Kind::nothing) {
        out << YAML::Null;
    } else if (node.kind == Kind::text) {
        write_text(out, node);
    } else {
        const bool is_list = node.kind == Kind::list;
        out << (is_short(node) ? YAML::Flow : YAML::Block)
            << (is_list ? YAML::BeginSeq : YAML::BeginMap);
        for (const auto& item : node.items) {
            write(out, item);
        }
        for (const auto& [key, value] : node.members) {
            write_text(out << YAML::Key, key);
            write(out << YAML::Value, value);
        }
        out << (is_list ? YAML::EndSeq : YAML::EndMap);
    }
}

}  // namespace

Node parse_yaml(std::string_view text, const std::string& file) {
    text = without_bom(text);
    const auto content = trim_ascii(text);
    const bool may_be_json = content.starts_with('{') || content.starts_with('[');
    const std::string same_lines =
        may_be_json ? with_single_escapes(std::string(text)) : std::string(text);
    return YamlReader(same_lines, file).read();
}

std::string to_yaml(const Node& node) {
    YAML::Emitter out;
    out.SetNullFormat(YAML::LowerNull);
    write(out, node);
    return std::string(out.c_str()) + "\n";
}

}  // namespace bqconn::manifest
