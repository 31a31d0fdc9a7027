// docs/manifest.schema.json: its keys are those of the program, and what bqconn writes fits it.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "bqconn/core/text.hpp"
#include "bqconn/json/parse.hpp"
#include "bqconn/manifest/diff.hpp"
#include "bqconn/manifest/manifest.hpp"
#include "bqconn/manifest/yaml.hpp"
#include "support/one_run.hpp"
#include "support/temp_folder.hpp"

namespace bqconn::manifest {
namespace {

using Adapter = valijson::adapters::NlohmannJsonAdapter;

std::string content_of(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

const json::Json& schema() {
    static const json::Json document =
        json::parse(content_of(BQCONN_TESTS_FOLDER "/../docs/manifest.schema.json"));
    return document;
}

// As an editor reads YAML.
json::Json json_of(const Node& node) {
    json::Json value;
    switch (node.kind) {
        case Node::Kind::nothing:
            break;
        case Node::Kind::text:
            if (node.text == "true" || node.text == "false") {
                value = node.text == "true";
            } else if (node.text.find_first_not_of("0123456789") == std::string::npos) {
                value = std::stoi(node.text);
            } else {
                value = node.text;
            }
            break;
        case Node::Kind::list:
            value = json::Json::array();
            for (const auto& item : node.items) {
                value.push_back(json_of(item));
            }
            break;
        case Node::Kind::map:
            value = json::Json::object();
            for (const auto& [key, member] : node.members) {
                value[key.text] = json_of(member);
            }
            break;
    }
    return value;
}

bool fits(const std::string& text) {
    valijson::Schema parsed;
    valijson::SchemaParser().populateSchema(Adapter(schema()), parsed);
    const json::Json value = json_of(parse_yaml(text, "f.yaml"));
    return valijson::Validator(valijson::Validator::kStrongTypes)
        .validate(parsed, Adapter(value), nullptr);
}

TEST(ManifestSchema, HasTheKeysOfTheProgram) {
    for (const Type type : {Type::connection, Type::dataflow}) {
        std::set<std::string> expected{"name", "sandboxes"};
        for (const auto& spec : key_specs()) {
            if (spec.type == type || spec.key == Key::description) {
                expected.emplace(spec.name);
            }
        }
        std::set<std::string> found;
        for (const auto& [key, unused] :
             schema()["definitions"][std::string(name_of(type))]["properties"].items()) {
            found.insert(key);
        }
        EXPECT_EQ(found, expected);
    }
}

const std::string head = "mark: team\nsandboxes: [dev]\n";
const std::string connection_head =
    "connections:\n"
    "  - name: W\n"
    "    kind: basic\n"
    "    project: my-project-123\n"
    "    client-id: {env: ID}\n"
    "    refresh-token: {file: token.txt}\n";
const std::string dataflow_head =
    "dataflows:\n"
    "  - name: Orders\n"
    "    connection: W\n"
    "    table: shop.orders\n"
    "    into: Orders\n"
    "    map: [order_id=_acme.id]\n";

TEST(ManifestSchema, AgreesWithTheProgram) {
    const std::string basic = head + connection_head;
    const std::string secret = "    client-secret: {env: SECRET}\n";
    const std::string every = dataflow_head + "    every: 1h\n    delta: updated_at\n";
    for (const auto& good :
         {basic + secret, head + every,
          head + every + "    sandboxes:\n      dev:\n      prod: {every: 15m, partial: ~}\n",
          head + dataflow_head + "    once: true\n    partial: 5\n",
          "mark: false\n" + basic.substr(basic.find('\n') + 1) + secret}) {
        EXPECT_TRUE(fits(good)) << good;
        EXPECT_NO_THROW(parse(good, "f.yaml", "")) << good;
    }
    for (const auto& bad :
         {basic + secret + "    tabel: x\n", "conections: []\n" + basic + secret,
          "sandboxes: [dev]\n" + connection_head + secret,
          basic + "    client-secret: a-literal-secret\n",
          basic + "    client-secret: {env: a-b}\n",
          basic + "    client-secret: {env: A, file: b}\n", head + every + "    backfill: maybe\n",
          head + every + "    columns: order_id\n",
          head + every + "    sandboxes: {dev: {name: X}}\n",
          head + every + "    sandboxes: {dev: {evry: 1h}}\n",
          head + "connections: [{kind: basic}]",
          head + dataflow_head + "    every: often\n    delta: updated_at\n"}) {
        EXPECT_FALSE(fits(bad)) << bad;
        EXPECT_THROW(parse(bad, "f.yaml", ""), Error) << bad;
    }
}

TEST(ManifestSchema, FitsTheExampleAlsoUncommented) {
    const tests::TempFolder folder;
    const auto before = std::filesystem::current_path();
    std::filesystem::current_path(folder.path());
    tests::OneRun run({"init", "--manifest"});
    const int status = run();
    std::filesystem::current_path(before);
    ASSERT_EQ(status, 0) << run.err.str();
    const std::string example = content_of(folder.path("bqconn.yaml"));
    EXPECT_TRUE(fits(example)) << example;
    EXPECT_NO_THROW(parse(example, "f.yaml", ""));

    // Uncomments everything except prose, whose lines begin with exactly one space.
    std::string all;
    for (const auto& line : split(example, '\n')) {
        const auto mark = line.find("# ");
        const bool is_prose = mark == 0 && line != "# dataflows:" && line[2] != ' ';
        std::string text = line;
        for (auto at = text.find_first_not_of(' ');
             !is_prose && at != std::string::npos && text.compare(at, 2, "# ") == 0;
             at = text.find_first_not_of(' ')) {
            text.erase(at, 2);
        }
        all += text + "\n";
    }
    EXPECT_TRUE(fits(all)) << all;
    const Manifest manifest = parse(all, "f.yaml", "");
    std::set<Key> keys;
    for (const auto& object : manifest.objects) {
        for (const auto& [key, unused] : object.values) {
            keys.insert(key);
        }
    }
    for (const auto& spec : key_specs()) {
        EXPECT_TRUE(keys.contains(spec.key) || spec.key == Key::mapping ||
                    spec.key == Key::dataset || spec.key == Key::once)
            << spec.name << " is not in the example";
    }
}

TEST(ManifestSchema, FitsAnExport) {
    State state{.sandbox = "dev"};
    for (const auto spec : {basic_spec, service_spec}) {
        flow::Connection connection;
        connection.id = spec;
        connection.name = spec;
        connection.auth_spec = spec;
        connection.description = "two\nlines [bqconn:team]";
        state.connections.push_back(connection);
    }
    dataflow::End source;
    source.id = "s1";
    source.base_connection_id = basic_spec;
    source.params = {{"tableName", "shop.orders"},
                     {"columns", {{{"name", "order_id"}, {"type", "string"}}}},
                     {"filters", {{"type", "PQL"}}}};
    dataflow::End target;
    target.id = "t1";
    target.params = {{"dataSetId", "665f00000000000000000001"}};
    dataflow::Dataflow flow;
    flow.id = "f1";
    flow.name = "Orders";
    flow.source_ids = {"s1"};
    flow.target_ids = {"t1"};
    flow.mapping_id = "m1";
    flow.schedule = {.frequency = "hour", .interval = 1};
    flow.delta_column = "order_id";
    flow.options = {{"partialIngestionPercent", 5}};
    state.sources.emplace("s1", source);
    state.targets.emplace("t1", target);
    state.mapping_sets["m1"].mappings = {{lake::Kind::attribute, "order_id", "_acme.id"}};
    state.dataflows.push_back(flow);
    std::vector<std::string> warnings;
    const std::string text = to_yaml(to_node(manifest_of(state, warnings)));
    EXPECT_TRUE(warnings.empty()) << warnings.front();
    EXPECT_NE(text.find("partial: 5"), std::string::npos) << text;
    EXPECT_TRUE(fits(text)) << text;
}

}  // namespace
}  // namespace bqconn::manifest
