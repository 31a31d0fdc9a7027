#include "bqconn/manifest/yaml.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <random>
#include <string>
#include <string_view>

#include "bqconn/core/text.hpp"
#include "support/expect_error.hpp"

namespace bqconn::manifest {
namespace {

using Kind = Node::Kind;

// The tree in one line: strings in <>, nothing as ~, the line of each value after @.
std::string shape(const Node& node, bool lines = true) {
    std::string out;
    if (node.kind == Kind::nothing) {
        out = "~";
    } else if (node.kind == Kind::text) {
        out = "<" + node.text + ">";
    } else if (node.kind == Kind::list) {
        out = "[";
        for (const auto& item : node.items) {
            out += shape(item, lines);
        }
        out += "]";
    } else {
        out = "{";
        for (const auto& [key, value] : node.members) {
            out += shape(key, lines) + shape(value, lines);
        }
        out += "}";
    }
    return lines ? out + "@" + std::to_string(node.line) : out;
}

std::string read(std::string_view text, bool lines = false) {
    return shape(parse_yaml(text, "team.yaml"), lines);
}

// ---- what is read

TEST(ReadYaml, KeepsStringsAsWritten) {
    for (const std::string written : {"no", "1e3", "0123", "2026-01-01", "5", "true", "12:30:45",
                                      "0x1f", ".5", "15m", "a b", "a, b [c]", "x:y", "it's"}) {
        EXPECT_EQ(read("a: " + written), "{<a><" + written + ">}");
    }
    EXPECT_EQ(read("a: \"5\""), "{<a><5>}");
    EXPECT_EQ(read("a: 'null'"), "{<a><null>}");
    EXPECT_EQ(read("{\"a\": [5, -5, 1.50, 1e400, 18446744073709551616, true, null]}"),
              "{<a>[<5><-5><1.50><1e400><18446744073709551616><true>~]}");
}

TEST(ReadYaml, KnowsTheLineOfEachValue) {
    EXPECT_EQ(read("a: 1\nb:\n  - x\n\n  - y: 2\n    z: [p,\n q]\n", true),
              "{<a>@1<1>@1<b>@2[<x>@3{<y>@5<2>@5<z>@6[<p>@6<q>@7]@6}@5]@3}@1");
    EXPECT_EQ(read("\n# c\r\na:\r\n\r\n# d\r\nb: ~\r\nc:\r\n  null\r\n", true),
              "{<a>@3~@3<b>@6~@6<c>@7~@7}@3");
    EXPECT_EQ(read("a:\n\nname: 1\nb:", true), "{<a>@1~@1<name>@3<1>@3<b>@4~@4}@1");
    EXPECT_EQ(read("{\"a\": 1,\n\"b\":\n[1,\n2\n,3\n],\n\"c\": {}\n}\n", true),
              "{<a>@1<1>@1<b>@2[<1>@3<2>@4<3>@5]@3<c>@7{}@7}@1");
    EXPECT_EQ(read("\xef\xbb\xbf"
                   "a: 1\nb: 2\n",
                   true),
              "{<a>@1<1>@1<b>@2<2>@2}@1");
}

TEST(ReadYaml, ReadsAllOfJson) {
    EXPECT_EQ(read(R"({"a": "\/ \u00e9 \ud83d\ude00 \n"})"), "{<a></ é 😀 \n>}");
    EXPECT_EQ(read("{\n\t\"a\": [\n\t\t1,\n\t\t2\n\t]\n}"), "{<a>[<1><2>]}");
    EXPECT_EQ(read("[{\"a\":1},{\"<<\":2}]"), "[{<a><1>}{<<<><2>}]");
    EXPECT_EQ(read(R"(["\uD83D\uDE00\ud83d\ude00\\ud83d\\ude00"])"), "[<😀😀\\ud83d\\ude00>]");
    // What many people add to JSON is YAML.
    EXPECT_EQ(read("{ # comment\n\t\"a\": [1,],\n}"), "{<a>[<1>]}");
}

TEST(ReadYaml, ReadsYaml) {
    EXPECT_EQ(read("%YAML 1.2\n---\na: |\n  x\n   y\nb: >-\n  x\n  y\n...\n"),
              "{<a><x\n y\n><b><x y>}");
    EXPECT_EQ(read("? a\n: 1\n"), "{<a><1>}");
    EXPECT_EQ(read("{a: b, c: [d, 'e']}"), "{<a><b><c>[<d><e>]}");
}

// ---- what is refused

struct Refused {
    std::string_view written;
    std::size_t line;
    std::string_view message;  // part of it
    std::string_view hint;     // part of it
};

void PrintTo(const Refused& form, std::ostream* out) {
    *out << testing::PrintToString(std::string(form.written));
}

class YamlRefuses : public testing::TestWithParam<Refused> {};

TEST_P(YamlRefuses, Form) {
    const auto& form = GetParam();
    const Error error = tests::error_of([&] { parse_yaml(form.written, "team.yaml"); });
    EXPECT_EQ(error.exit_code(), ExitCode::config);
    EXPECT_EQ(error.code(), "config.manifest");
    EXPECT_TRUE(error.message().starts_with("team.yaml:" + std::to_string(form.line) + ": "))
        << error.message();
    EXPECT_NE(error.message().find(form.message), std::string::npos) << error.message();
    EXPECT_NE(error.hint().find(form.hint), std::string::npos) << error.hint();
    EXPECT_EQ(tests::all_of(error).find("zebra"), std::string::npos) << tests::all_of(error);
}

INSTANTIATE_TEST_SUITE_P(
    Keys, YamlRefuses,
    testing::Values(
        Refused{"name: zebra\nb: 2\nname: 3\n", 3,
                "the key \"name\" is already in the same map, on line 1", "remove one"},
        Refused{"{\"name\": 1,\n\"name\": \"zebra\"}", 2, "the key \"name\" is already",
                "remove one"},
        Refused{"a:\n- b: 1\n  b: zebra\n", 3,
                "the key \"b\" is already in the same map, on line 2", ""},
        Refused{
            "eyJhbGciOiJSUzI1NiJ9.eyJhIjoiYiJ9.c2ln: 1\neyJhbGciOiJSUzI1NiJ9.eyJhIjoiYiJ9.c2ln: 2",
            2, "the key is already", ""},
        Refused{"a: 1\n? [zebra]\n: 2\n", 2, "a key is not a string", "close each"},
        Refused{"a: 1\n? {zebra: 1}\n: 2\n", 2, "a key is not a string", "close each"},
        Refused{"~: zebra\n", 1, "a key is not a string", "quote a key"},
        Refused{": zebra\n", 1, "a key is not a string", "quote a key"},
        Refused{"a: 1\nb zebra\n", 2, "the key is not followed by a colon", "key: value"},
        Refused{"a: 1\nb zebra\nc: 1\n", 3, "illegal map value", "the line above"}));

INSTANTIATE_TEST_SUITE_P(
    Features, YamlRefuses,
    testing::Values(
        Refused{"a: 1\nb: &zebra 2\n", 2, "anchors, aliases", "in each place"},
        Refused{"a: 1\nb: *zebra\n", 2, "anchors, aliases", "quote a value"},
        Refused{"a: 1\nb: * * *\n", 2, "anchors, aliases", "quote a value"},
        Refused{"a: 1\n<<: {b: zebra}\n", 2, "merge keys", ""},
        Refused{"&zebra", 1, "anchors, aliases", ""}, Refused{"&a &b zebra", 1, "anchors", ""},
        Refused{"[&zebra", 1, "", ""},
        Refused{"a: 1\nb: !!str zebra\n", 2, "tags", "remove the tag"},
        Refused{"a: !zebra {b: 1}\n", 1, "tags", ""}, Refused{"a:\n- !zebra\n", 2, "tags", ""},
        Refused{"!zebra", 1, "tags", ""}, Refused{"a: !<zebra\n", 1, "tags", ""},
        Refused{"a: 1\n---\nb: zebra\n", 2, "is not part of the document above it",
                "a second document"},
        Refused{"{a: 1} zebra", 1, "is not part of the document above it", "indentation"},
        Refused{"  a: 1\nb: zebra\n", 2, "is not part of the document above it", "indentation"}));

INSTANTIATE_TEST_SUITE_P(
    Files, YamlRefuses,
    testing::Values(Refused{"", 1, "the file is empty", "init --manifest"},
                    Refused{"# zebra\n\n", 1, "the file is empty", "init --manifest"},
                    Refused{"---\n...\n", 1, "the file is empty", ""},
                    Refused{"~\n", 1, "the file is empty", ""},
                    Refused{"a: 1\nb: \xff zebra\n", 2, "the line is not UTF-8", "UTF-8"},
                    Refused{std::string_view("a: 1\nb: zebra\0\n", 15), 2, "control character", ""},
                    Refused{"a: 1\nb: zebra\x04\n", 2, "control character", ""},
                    Refused{"a: 1\rb: zebra", 1, "control character", ""},
                    Refused{"a: 1\nb: \"zebra\\0\"\n", 2, "NUL", "remove"},
                    Refused{"{\"a\":\n\"zebra\\u0000\"}", 2, "NUL", "remove"}));

INSTANTIATE_TEST_SUITE_P(
    Syntax, YamlRefuses,
    testing::Values(
        Refused{"a: 1\nb:\n\tc: zebra\n", 3, "the line is indented with a tab", "with spaces"},
        Refused{"a:\n\t- zebra\n", 2, "the line is indented with a tab", "with spaces"},
        Refused{"a: |\n\tzebra\n", 2, "the line is indented with a tab", "with spaces"},
        Refused{"a: 'x'\nb: \"zebra\nc: 1\n", 2, "a quote is not closed", "close it"},
        Refused{"- \"ok\"\n- 'zebra\n- y\n", 2, "a quote is not closed", ""},
        Refused{"- it's \"\\\"\"\n- \"it\\\"s\"\n- 'zebra\n- y\n", 3, "a quote is not closed", ""},
        Refused{"\"zebra", 1, "a quote is not closed", ""},
        Refused{"a: 1\nb: [zebra,\n  c\n", 2, "a bracket is not closed", "close each"},
        Refused{"a: 1\nb: {zebra: 1,\n\tc: 2\n", 2, "a bracket is not closed", "close each"},
        Refused{"[zebra,\n", 1, "a bracket is not closed", "close each"},
        Refused{"{\"a\": \"zebra\"\n", 1, "not closed", "close"},
        Refused{"{\"a\": 1\n\"b\": \"zebra\"}\n", 2, "a comma is missing", "a comma"},
        Refused{"a: 1\nb: [1, zebra}\n", 2, "illegal flow end", "special characters"},
        Refused{"a: zebra: c\n", 1, "illegal map value", "special characters"},
        Refused{"a: 1\n  zebra: 2\n", 2, "illegal map value", "neighbours"},
        Refused{"a:\n    b: 1\n  zebra: 2\n", 3, "end of map not found", "neighbours"},
        Refused{"a: @zebra\n", 1, "unknown token", "special characters"},
        Refused{"a: \"\\zebra\"\n", 1, "unknown escape character", ""}));

TEST(ReadYaml, LimitsTheDepth) {
    for (const std::string open : {"[", "{\"a\":", "- ", "{a: "}) {
        std::string deep;
        for (int level = 0; level < 65; ++level) {
            deep += open;
        }
        const Error error = tests::error_of([&] { parse_yaml(deep + "1", "team.yaml"); });
        EXPECT_TRUE(error.message().starts_with("team.yaml:1: ")) << error.message();
    }
    EXPECT_NO_THROW(parse_yaml(std::string(64, '[') + std::string(64, ']'), "team.yaml"));
    EXPECT_NE(tests::error_of(
                  [] { parse_yaml(std::string(65, '[') + std::string(65, ']'), "team.yaml"); })
                  .message()
                  .find("64 levels"),
              std::string::npos);
}

TEST(ReadYaml, ErrorsShowNoValue) {
    constexpr std::string_view canary = "QvXbTzKpWm";
    tests::expect_no_leak(
        "# head\r\nconnections:\n  - name: \"QvXbTzKpWm\" # note\n    'kind': [a, {b: "
        "QvXbTzKpWm}]\n"
        "    text: |\n      QvXbTzKpWm\n    none:\n",
        canary, [](std::string_view text) { parse_yaml(text, "team.yaml"); },
        "\"'[]{}:,-?#&*!|>%@\\\n\t \xff");
}

// ---- what is written

Node text(std::string value, bool bare = false) {
    return {.kind = Kind::text, .text = std::move(value), .bare = bare};
}

TEST(WriteYaml, LooksAsAPersonWouldWriteIt) {
    Node reference{.kind = Kind::map};
    reference.members.emplace_back(text("env"), text("CLIENT_SECRET"));
    Node sandboxes{.kind = Kind::list};
    sandboxes.items = {text("dev"), text("prod"), text("no")};
    Node connection{.kind = Kind::map};
    connection.members.emplace_back(text("name"), text("Größe 😀"));
    connection.members.emplace_back(text("every"), text("15m"));
    connection.members.emplace_back(text("project"), text("123456"));
    connection.members.emplace_back(text("once"), text("true", true));
    connection.members.emplace_back(text("mapping"), text("First line\n\n  no: # quotes\n"));
    connection.members.emplace_back(text("filter"), text("a IN (1, 2) AND b = 'x'"));
    connection.members.emplace_back(text("client-secret"), reference);
    connection.members.emplace_back(text("nothing"), Node{});
    connection.members.emplace_back(text("map"), Node{.kind = Kind::list});
    Node list{.kind = Kind::list};
    list.items = {connection, connection};
    list.items.back().members = {{text("name"), text("Größe 😀")}};
    list.items.back().members.emplace_back(text("columns"), sandboxes);
    list.items.back().members.back().second.items.resize(6, text("column"));
    Node root{.kind = Kind::map};
    root.members.emplace_back(text("sandboxes"), sandboxes);
    root.members.emplace_back(text("connections"), list);
    EXPECT_EQ(to_yaml(root), R"(sandboxes: [dev, prod, "no"]
connections:
  - name: Größe 😀
    every: 15m
    project: "123456"
    once: true
    mapping: |
      First line

        no: # quotes
    filter: a IN (1, 2) AND b = 'x'
    client-secret: {env: CLIENT_SECRET}
    nothing: null
    map: []
  - name: Größe 😀
    columns:
      - dev
      - prod
      - "no"
      - column
      - column
      - column
)");
}

TEST(WriteYaml, QuotesWhatOtherReadersWouldConvert) {
    for (const auto& value : split("true;False;yes;NO;on;off;y;N;null;NULL;~;;5;-5;1.5;.5;1e3;1_"
                                   "000;0x1f;0o17;0b1;.inf;-.Inf;.nan;12:30:45;"
                                   "2026-01-01;2026-01-01T00:00:00Z;<<;=;- a;a: b;a #b;a:; a;a "
                                   ";*a;&a;!a;%a;@a;`a;'a';\"a\";[a;{a;?;-;#;|;>",
                                   ';')) {
        const auto written = to_yaml(text(value));
        EXPECT_TRUE(written.starts_with('"') || written.starts_with('\'')) << written;
    }
}

// A string of parts that are special in YAML.
std::string random_text(std::mt19937& random) {
    static const auto parts = split(
        "a;B;7; ;  ;:;: ;#; #;-;- "
        ";?;\n;\n\n;\t;\r;';\";\\;[;];{;};,;&;*;!;|;>;%;@;`;~;no;é;😀;\x7;---;"
        "...;\xe2\x80\xa8;\xf3\xa0\x81\x81;\xc2\x85;::add-mask::;\\ud83d",
        ';');
    std::string out;
    for (auto left = random() % 6; left > 0; --left) {
        out += parts[random() % parts.size()];
    }
    return out;
}

Node random_node(std::mt19937& random, int depth) {
    Node node;
    const auto kind = random() % (depth == 0 ? 3 : 6);
    if (kind == 1 || kind == 2) {
        node = text(random_text(random));
    } else if (kind >= 3) {
        node.kind = kind == 3 ? Kind::list : Kind::map;
        for (auto left = random() % 4; left > 0; --left) {
            auto child = random_node(random, depth - 1);
            if (node.kind == Kind::list) {
                node.items.push_back(std::move(child));
            } else {
                auto key = std::to_string(left) + random_text(random);
                node.members.emplace_back(text(random() % 2 == 0 ? key : random_text(random) + key),
                                          std::move(child));
            }
        }
    }
    return node;
}

TEST(WriteYaml, IsReadBackTheSame) {
    std::mt19937 random(20261126);
    for (int run = 0; run < 5000; ++run) {
        Node node{.kind = Kind::map};
        node.members.emplace_back(text("k"), random_node(random, 4));
        const auto& tree = run % 2 == 0 ? node : node.members.front().second;
        const auto written = to_yaml(tree);
        if (tree.kind != Kind::nothing) {
            ASSERT_EQ(read(written), shape(tree, false)) << written;
        }
    }
    Node long_key{.kind = Kind::map};
    long_key.members.emplace_back(text(std::string(2000, 'k')), text("v"));
    EXPECT_EQ(read(to_yaml(long_key)), shape(long_key, false));
}

}  // namespace
}  // namespace bqconn::manifest
