#include "emulator/platform/platform.hpp"

#include <fstream>
#include <set>

#include "bqconn/crypto/encoding.hpp"
#include "emulator/certificate.hpp"
#include "emulator/connections_test.hpp"

namespace bqconn::emulator {
namespace {

class ExploreTest : public ConnectionsTest {
  protected:
    Reply explore(const std::string& query) {
        return emulator_.flow("GET", "/connections/" + id_ + "/explore" + query);
    }

    std::string id_ = emulator_.create("a");
};

TEST_F(ExploreTest, Tables) {
    const Reply reply = explore("?objectType=root");
    EXPECT_EQ(reply.status, 200);
    const Json document = reply.json();
    ASSERT_TRUE(document.is_array());
    EXPECT_EQ(document.at(0), (Json{{"type", "table"},
                                    {"name", "shop.customers"},
                                    {"path", "shop.customers"},
                                    {"canPreview", true},
                                    {"canFetchSchema", true}}));
    std::set<std::string> paths;
    for (const Json& table : document) {
        paths.insert(table.at("path").get<std::string>());
    }
    EXPECT_EQ(paths,
              (std::set<std::string>{"shop.customers", "shop.orders", "shop.returns",
                                     "web_analytics.events_20240101", "web_analytics.übersicht"}));
}

TEST_F(ExploreTest, EachTableHasItsColumns) {
    for (const Json& table : explore("?objectType=root").json()) {
        const auto path = table.at("path").get<std::string>();
        const Reply reply = explore("?objectType=table&object=" + percent_encode(path));
        EXPECT_EQ(reply.status, 200) << path;
        const Json document = reply.json();
        EXPECT_EQ(document.size(), 2U) << path;
        EXPECT_EQ(document.at("format"), "flat") << path;
        EXPECT_FALSE(document.at("schema").at("columns").empty()) << path;
    }
}

TEST_F(ExploreTest, Columns) {
    const Json columns =
        explore("?objectType=table&object=shop.customers").json().at("schema").at("columns");
    EXPECT_EQ(columns.at(1),
              (Json{{"name", "name"}, {"type", "string"}, {"xdm", {{"type", "string"}}}}));
    EXPECT_EQ(columns.at(0).at("type"), "long");
    EXPECT_EQ(columns.at(0).at("xdm").at("maximum"), 9'007'199'254'740'991);
    EXPECT_EQ(columns.at(4), (Json{{"name", "created_at"},
                                   {"type", "string"},
                                   {"meta:xdmType", "date-time"},
                                   {"xdm", {{"type", "string"}, {"format", "date-time"}}}}));
    EXPECT_EQ(columns.at(6), (Json{{"name", "tags"},
                                   {"type", "array"},
                                   {"xdm", {{"type", "array"}, {"items", {{"type", "string"}}}}}}));
    EXPECT_EQ(columns.at(7).at("xdm").at("properties").at("location").at("properties").size(), 2U);
}

TEST_F(ExploreTest, Preview) {
    const std::string customers = "?objectType=table&object=shop.customers";
    EXPECT_FALSE(explore(customers).json().contains("data"));
    EXPECT_FALSE(explore(customers + "&preview=false").json().contains("data"));
    const Json data = explore(customers + "&preview=true").json().at("data");
    ASSERT_EQ(data.size(), 3U);
    EXPECT_EQ(data.at(0).at("name"), "Zoë Müller");
    EXPECT_EQ(data.at(0).at("address").at("location").at("latitude"), 50.9375);
    // Every row has every column.
    EXPECT_TRUE(data.at(2).at("address").is_null());
    EXPECT_TRUE(data.at(2).at("born_on").is_null());
    EXPECT_EQ(data.at(1).at("tags"), Json::array());
    EXPECT_EQ(explore("?objectType=table&object=shop.returns&preview=true").json().at("data"),
              Json::array());
}

TEST_F(ExploreTest, UnknownTable) {
    for (const char* const path : {"shop.nothing", "shop", "customers", "shop.Customers", "shop.",
                                   "tmp_results.x", "my-project.shop.customers"}) {
        const Reply reply = explore("?objectType=table&object=" + std::string(path));
        EXPECT_EQ(reply.status, 404) << path;
        EXPECT_TRUE(reply.json().contains("errorMessage")) << path;
    }
    const Reply reply = emulator_.flow("GET", "/connections/nope/explore?objectType=root");
    EXPECT_EQ(reply.status, 404);
    EXPECT_EQ(reply.json().at("type"), "https://ns.adobe.com/aep/errors/FLOW-1439-404");
}

TEST_F(ExploreTest, ParametersAsClientsSendThem) {
    for (const char* const query : {"", "?objectType=ROOT", "?fileType=delimited", "?preview=True",
                                    "?objectType=root&objecttype=x"}) {
        EXPECT_EQ(explore(query).json(), explore("?objectType=root").json()) << query;
    }
    for (const char* const query : {"true", "True", "TRUE"}) {
        EXPECT_TRUE(explore("?objectType=Table&object=shop.orders&preview=" + std::string(query))
                        .json()
                        .contains("data"))
            << query;
    }
}

TEST_F(ExploreTest, ParametersThatAreWrong) {
    for (const char* const query : {"?objectType=", "?objectType=file&object=shop.orders",
                                    "?objectType=table", "?objectType=table&object=",
                                    "?objectType=root&object=shop.orders", "?object=shop.orders"}) {
        const Reply reply = explore(query);
        EXPECT_EQ(reply.status, 400) << query;
        EXPECT_TRUE(json::string_at(reply.json(), "errorMessage").starts_with("Invalid query"))
            << query;
    }
}

TEST(Explore, PreviewOfTenRows) {
    std::string rows;
    for (int i = 0; i < 12; ++i) {
        rows += (i == 0 ? "" : ",") + std::string(R"({"n": )") + std::to_string(i) + "}";
    }
    Options options;
    options.bigquery = read_bigquery_project(
        R"({"datasets": [{"id": "d", "tables": [{"id": "t",
            "schema": [{"name": "n", "type": "INT64"}], "rows": [)" +
            rows + "]}]}]}",
        "a test");
    RunningEmulator emulator(options);
    const std::string path = "/connections/" + emulator.create("a") + "/explore?objectType=";
    EXPECT_EQ(emulator.flow("GET", path + "root").json().size(), 1U);
    const Json data =
        emulator.flow("GET", path + "table&object=d.t&preview=true").json().at("data");
    ASSERT_EQ(data.size(), 10U);
    EXPECT_EQ(data.at(9), (Json{{"n", 9}}));
}

bool test(RunningEmulator& emulator, const std::string& id) {
    const Reply reply = emulator.flow("GET", "/connections/" + id + "/test");
    EXPECT_EQ(reply.status, 200) << reply.body;
    EXPECT_EQ(reply.json().size(), 1U);
    return reply.json().at("result");
}

int explore(RunningEmulator& emulator, const std::string& id) {
    return emulator.flow("GET", "/connections/" + id + "/explore?objectType=root").status;
}

TEST_F(ConnectionsTest, TestIsTrueByDefault) {
    EXPECT_TRUE(test(emulator_, emulator_.create("a")));
    const Reply unknown = emulator_.flow("GET", "/connections/nope/test");
    EXPECT_EQ(unknown.status, 404);
    EXPECT_EQ(unknown.json().at("type"), "https://ns.adobe.com/aep/errors/FLOW-1439-404");
}

TEST(CredentialCheck, ResultsInOrder) {
    Options options;
    options.test_results = {false, true, false};
    RunningEmulator emulator(options);
    const std::string id = emulator.create("a");
    EXPECT_EQ(explore(emulator, id), 400);
    EXPECT_EQ(explore(emulator, id), 400);
    EXPECT_FALSE(test(emulator, id));
    EXPECT_EQ(explore(emulator, id), 200);
    EXPECT_TRUE(test(emulator, id));
    EXPECT_FALSE(test(emulator, id));
    EXPECT_FALSE(test(emulator, id));
}

TEST(CredentialCheck, RotationHeals) {
    const TemporaryFolder folder;
    std::string bad = "made-up-other\n canary-refresh-token \r\n\n";
    Options options;
    options.bad_credentials_file = folder.file("bad");
    std::ofstream(folder.file("bad")) << bad;
    RunningEmulator emulator(options);
    const std::string id = emulator.create("a");
    EXPECT_FALSE(test(emulator, id));
    EXPECT_EQ(explore(emulator, id), 400);
    Json params = basic_body().at("auth").at("params");
    params["refreshToken"] = "made-up-new-token";
    Headers headers = emulator.credentials();
    headers["Content-Type"] = "application/json";
    headers["If-Match"] =
        emulator.flow("GET", "/connections/" + id).json().at("items").at(0).at("etag");
    const Json operation = {{"op", "replace"}, {"path", "/auth/params"}, {"value", params}};
    EXPECT_EQ(send(emulator.port(), "PATCH", "/data/foundation/flowservice/connections/" + id,
                   headers, Json::array({operation}).dump())
                  .status,
              200);
    EXPECT_TRUE(test(emulator, id));
    EXPECT_EQ(explore(emulator, id), 200);
    // Credentials can also become invalid while the emulator runs.
    std::ofstream(folder.file("bad")) << bad << "made-up-new-token";
    EXPECT_FALSE(test(emulator, id));
}

TEST(CredentialCheck, OfAKeyFile) {
    const TemporaryFolder folder;
    Options options;
    options.bad_credentials_file = folder.file("bad");
    RunningEmulator emulator(options);
    const std::string id =
        emulator.flow("POST", "/connections", service_body().dump()).json().at("id");
    EXPECT_TRUE(test(emulator, id));
    for (const std::string& line :
         {std::string("reader@my-project.iam.gserviceaccount.com"), std::string("made-up"),
          std::string("my-project"), key_file_content()}) {
        std::ofstream(folder.file("bad")) << line;
        EXPECT_FALSE(test(emulator, id)) << line;
    }
    std::ofstream(folder.file("bad")) << "my-projec";
    EXPECT_TRUE(test(emulator, id));
}

}  // namespace
}  // namespace bqconn::emulator
