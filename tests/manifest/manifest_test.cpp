#include "bqconn/manifest/manifest.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "bqconn/json/parse.hpp"
#include "support/expect_error.hpp"
#include "support/temp_folder.hpp"

namespace bqconn::manifest {
namespace {

const std::string head = "mark: team\nsandboxes: [dev, prod]\n";
const std::string warehouse =
    "connections:\n"
    "  - name: Warehouse\n"
    "    kind: service\n"
    "    key-file: {env: KEY}\n";
const std::string orders =
    "dataflows:\n"
    "  - name: Orders\n"
    "    connection: Warehouse\n"
    "    table: shop.orders\n"
    "    into: Orders\n"
    "    map: [order_id=_acme.id]\n"
    "    every: 1h\n"
    "    delta: updated_at\n";

// Every problem of a file, without its name.
std::string problems_of(const std::string& text) {
    try {
        parse(text, "f.yaml", "");
    } catch (const Error& error) {
        EXPECT_EQ(error.exit_code(), ExitCode::config);
        std::string message = error.message();
        for (auto at = message.find("f.yaml:"); at != std::string::npos;
             at = message.find("f.yaml:")) {
            message.erase(at, 7);
        }
        return message;
    }
    return "";
}

TEST(Manifest, HasEachObjectOncePerSandbox) {
    const Manifest manifest = parse(head + warehouse + orders, "f.yaml", "");
    EXPECT_EQ(manifest.mark, "team");
    EXPECT_EQ(manifest.sandboxes, (std::vector<std::string>{"dev", "prod"}));
    ASSERT_EQ(manifest.objects.size(), 4U);
    EXPECT_EQ(manifest.objects[1].sandbox, "prod");
    EXPECT_EQ(manifest.objects[1].label(), "connection \"Warehouse\"");
    EXPECT_EQ(manifest.objects[2].type, Type::dataflow);
    EXPECT_EQ(manifest.objects[2].find(Key::table)->line, 10U);
    EXPECT_EQ(manifest.objects[0].find(Key::key_file)->from, Value::From::environment);
}

TEST(Manifest, SandboxesOfAnObjectReplaceAndRemoveValues) {
    const Manifest manifest = parse(head + orders +
                                        "    partial: 5\n"
                                        "    sandboxes:\n"
                                        "      prod: {every: 15m, partial: ~}\n"
                                        "      stage:\n",
                                    "f.yaml", "");
    ASSERT_EQ(manifest.objects.size(), 2U);
    EXPECT_EQ(manifest.sandboxes, (std::vector<std::string>{"dev", "prod", "stage"}));
    EXPECT_EQ(manifest.objects[0].text(Key::every), "15m");
    EXPECT_EQ(manifest.objects[0].find(Key::partial), nullptr);
    EXPECT_EQ(manifest.objects[1].text(Key::every), "1h");
    EXPECT_EQ(manifest.objects[1].text(Key::partial), "5");
}

TEST(Manifest, ObjectsWithoutSandboxesBelongToTheGivenOne) {
    EXPECT_EQ(parse("mark: off\n" + warehouse, "f.yaml", "dev").objects.front().sandbox, "dev");
    EXPECT_EQ(
        parse("mark: off\n" + warehouse + "    sandboxes: [prod]\n", "f.yaml", "dev").sandboxes,
        (std::vector<std::string>{"prod"}));
    // --prune deletes the last object, too.
    EXPECT_EQ(parse("mark: team\n", "f.yaml", "dev").sandboxes, std::vector<std::string>{"dev"});
    EXPECT_EQ(problems_of("mark: team\n"),
              "1: the file names no sandbox: add sandboxes, or use --sandbox");
    EXPECT_EQ(problems_of("mark: off\n" + warehouse),
              "3: connection \"Warehouse\" has no sandbox: add sandboxes to it or to the file, or "
              "use --sandbox");
}

TEST(Manifest, ReadsJson) {
    const Manifest manifest = parse(R"({"mark": false, "sandboxes": ["dev"], "connections":
                 [{"name": "W", "kind": "service", "key-file": {"file": "k.json"}}]})",
                                    "f.json", "");
    EXPECT_EQ(manifest.mark, "");
    EXPECT_EQ(manifest.objects.front().find(Key::key_file)->text(), "k.json");
}

struct Problem {
    std::string text;
    std::string expected;
};

TEST(Manifest, ProblemsNameTheirLine) {
    const std::string connection = head + "connections:\n  - name: W\n    kind: ";
    const std::vector<Problem> problems{
        {"[]",
         "1: the file must be a map with keys such as mark, sandboxes, connections and "
         "dataflows"},
        {head + "conections: []", "3: unknown key \"conections\"; did you mean \"connections\"?"},
        {head + "connections: {}",
         "3: connections must be a list: begin each item with \"- name: NAME\""},
        {head + "connections: [a]", "3: a connection must have keys, such as name"},
        {head + "connections: [{kind: basic}]", "3: a connection has no key name"},
        {"mark: a b\nsandboxes: [dev]\n" + warehouse,
         "1: mark must be false, or a name of at most 64 letters, digits, '.', '-' and '_'"},
        {"mark: yes\nsandboxes: [dev]\n" + warehouse,
         "1: mark must be false, or a name of at most 64 letters, digits, '.', '-' and '_'"},
        {connection + "azure\n", "5: kind must be one of: basic, service"},
        {connection + "service\n    key-file: {env: K}\n    description: Sales [bqconn:other]\n",
         "7: description must not end with a mark, [bqconn:NAME]: apply adds the file's own"},
        {connection + "service\n    key-file: key.json\n",
         "6: key-file must be a reference, {env: NAME} or {file: PATH}"},
        {connection + "service\n    key-file: {path: key.json}\n",
         "6: key-file must be a reference, {env: NAME} or {file: PATH}"},
        {connection + "service\n    key-file: {env:KEY}\n",
         "6: key-file must be a reference, {env: NAME} or {file: PATH}: put a space after the "
         "colon"},
        {connection + "service\n    key-file:\n", "6: key-file has no value"},
        {head + orders + "    columns: [\"a,b\"]\n",
         "11: columns: a column name must not contain a comma, or begin or end with a space"},
        {connection + "service\n    key-file: {env: a-b}\n",
         "6: key-file: env must be the name of an environment variable, such as CLIENT_SECRET"},
        {connection + "service\n", "4: connection \"W\" has no key key-file"},
        {connection + "service\n    key-file: {env: K}\n    tabel: x\n",
         "7: unknown key \"tabel\" in a connection"},
        {connection + "service\n    key-file: {env: K}\n    client-secret: {env: S}\n",
         "7: client-secret cannot be combined with kind: service"},
        {head + warehouse +
             "  - name: Warehouse\n    kind: service\n    key-file: {env: K}\n"
             "    sandboxes: [dev]\n",
         "7: connection \"Warehouse\" is already defined for sandbox dev, on line 4"},
        {head + orders + "    once: true\n",
         "f.yaml has 2 problems:\n  9: every cannot be combined with once\n  10: delta cannot be "
         "combined with once, which copies all rows"},
        {head + orders + "    mapping: {file: m.csv}\n", "11: mapping cannot be combined with map"},
        {head + orders + "    every: 5m\n", ""},
        {head + orders + "    start: +2h\n",
         "11: start must be a time in UTC such as 2026-12-01T06:00:00Z: the file may be applied "
         "at any time"},
        {head + orders + "    backfill: maybe\n", "11: backfill must be true or false"},
        {head + orders + "    columns: order_id\n",
         "11: columns must be a list of strings, such as [order_id, ordered_at]"},
        {head + orders + "    filter: '{\"type\": }'\n", "11: filter is not valid JSON"},
        {head + orders + "    description:\n", "11: description has no value"},
        {head + orders + "    filter: filter.json\n",
         "11: filter must be {file: PATH}, or the content as text"},
        {head + orders + "    sandboxes: {dev: {name: X}}\n",
         "11: \"name\" cannot be set for a single sandbox"},
        {head + orders + "    sandboxes: dev\n",
         "11: sandboxes must be a list of names, such as [dev, prod]"},
        {head + orders + "    sandboxes: [Dev]\n",
         "11: sandboxes: \"Dev\" must be lower case: did you mean \"dev\"? Use the sandbox's name, "
         "not its title"},
    };
    for (const auto& [text, expected] : problems) {
        const std::string found = problems_of(text);
        EXPECT_NE(found, "") << text;
        if (!expected.empty()) {
            EXPECT_EQ(found, expected) << text;
        }
    }
}

TEST(Manifest, MarkIsRequired) {
    EXPECT_EQ(problems_of("sandboxes: [dev]\n" + warehouse)
                  .starts_with("1: mark is missing: set it to a name for this file"),
              true);
}

TEST(Manifest, RefusesASecretAndDoesNotShowIt) {
    const std::string secret = std::string("1//0") + "gAbCdEfGhIjKlMnOpQrStUvWxYz0123456789_abcd";
    for (const std::string& text :
         {head + warehouse + "    description: " + secret + "\n",
          head + warehouse + "    refresh-token: " + secret + "\n",
          head + warehouse + "    project: " + secret + "\n",
          head + "connections:\n  - name: " + secret + "\n",
          head + "connections:\n  - name: W\n    " + secret + ": x\n",
          head + warehouse + "    client-secret: {file: " + secret + "}\n", "mark: " + secret,
          head + orders + "    filter: '{\"type\": \"" + secret + "\"}'\n",
          head + orders + "    filter: '{\"" + secret + "\": 1}'\n",
          "mark: t\nsandboxes: [" + secret + "]\n"}) {
        const std::string problems = problems_of(text);
        EXPECT_NE(problems, "") << text;
        EXPECT_EQ(problems.find(secret.substr(5, 20)), std::string::npos) << problems;
    }
}

TEST(Manifest, SurvivesARoundTrip) {
    const Manifest manifest = parse(
        "mark: team\nsandboxes: [dev]\n" + warehouse + orders +
            "    columns: [order_id, updated_at]\n    filter: '{\"type\": \"PQL\"}'\n"
            "    backfill: false\n    partial: 5\n    description: |\n      two\n      lines\n",
        "f.yaml", "");
    const Manifest again = parse(to_yaml(to_node(manifest)), "f.yaml", "");
    ASSERT_EQ(again.objects.size(), manifest.objects.size());
    for (std::size_t i = 0; i < again.objects.size(); ++i) {
        EXPECT_EQ(again.objects[i].name, manifest.objects[i].name);
        EXPECT_EQ(again.objects[i].sandbox, manifest.objects[i].sandbox);
        ASSERT_EQ(again.objects[i].values.size(), manifest.objects[i].values.size());
        for (const auto& [key, value] : manifest.objects[i].values) {
            EXPECT_EQ(again.objects[i].find(key)->texts, value.texts);
            EXPECT_EQ(again.objects[i].find(key)->from, value.from);
        }
    }
}

TEST(Mark, EndsADescription) {
    EXPECT_EQ(with_mark("Sales", "team"), "Sales [bqconn:team]");
    EXPECT_EQ(with_mark("", "team"), "[bqconn:team]");
    EXPECT_EQ(with_mark("Sales", ""), "Sales");
    for (const std::string text : {"Sales", "", "two\nlines", "ends with a space "}) {
        EXPECT_EQ(split_mark(with_mark(text, "team")).description, text);
        EXPECT_EQ(split_mark(with_mark(text, "team")).mark, "team");
    }
    for (const std::string text : {"[bqconn:]", "[bqconn:a b]", "[bqconn:x] more", "bqconn:x]"}) {
        EXPECT_EQ(split_mark(text).description, text);
        EXPECT_EQ(split_mark(text).mark, "");
    }
}

// ---- credentials

const std::string basic =
    "connections:\n"
    "  - name: W\n"
    "    kind: basic\n"
    "    project: my-project-123\n"
    "    client-id: {env: ID}\n"
    "    client-secret: {file: secret.txt}\n"
    "    refresh-token: {env: TOKEN}\n";

TEST(ManifestCredentials, AreReadFromVariablesAndFiles) {
    const tests::TempFolder folder;
    folder.write("secret.txt", "the-client-secret\n");
    const Manifest manifest = parse("mark: off\nsandboxes: [dev]\n" + basic, "f.yaml", "");
    const Object& object = manifest.objects.front();
    const config::Environment environment{{"ID", Secret("the-id")}, {"TOKEN", Secret("a-token")}};
    const config::Settings settings =
        settings_of(manifest, object, folder.path(), environment, Credentials::from_private_files);
    EXPECT_EQ(settings.text(config::Setting::client_id), "the-id");
    EXPECT_EQ(settings.secret(config::Setting::client_secret).reveal(), "the-client-secret");
    EXPECT_EQ(settings.secret(config::Setting::refresh_token).reveal(), "a-token");
    EXPECT_EQ(describe(settings.source(config::Setting::refresh_token)),
              "f.yaml:9: refresh-token: the variable TOKEN");

    const config::Settings without =
        settings_of(manifest, object, folder.path(), environment, Credentials::left_out);
    EXPECT_FALSE(without.has(config::Setting::client_secret));
    EXPECT_TRUE(without.has(config::Setting::project));

    const Error missing = tests::error_of([&] {
        settings_of(manifest, object, folder.path(), {{"ID", Secret("the-id")}},
                    Credentials::from_private_files);
    });
    EXPECT_EQ(missing.exit_code(), ExitCode::usage);
    EXPECT_EQ(missing.message(), "f.yaml:9: refresh-token: the variable TOKEN is not set");

    const auto error_with = [&](const std::string& token, const std::string& in) {
        return tests::error_of([&] {
            settings_of(manifest, object, in, {{"ID", Secret("the-id")}, {"TOKEN", Secret(token)}},
                        Credentials::from_private_files);
        });
    };
    const Error path = error_with("./token.txt", folder.path());
    EXPECT_EQ(path.message(),
              "f.yaml:9: refresh-token: the variable TOKEN is a path, not the secret");
    EXPECT_NE(path.hint().find("{file: PATH}"), std::string::npos) << path.hint();
    EXPECT_EQ(
        error_with("a-token", folder.path("none")).message(),
        "f.yaml:8: client-secret: " + folder.path("none") + "/secret.txt: there is no such file");
}

}  // namespace
}  // namespace bqconn::manifest
