#include "bqconn/emulator/credential_check.hpp"

#include "emulator/connections_test.hpp"

namespace bqconn::emulator {
namespace {

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
    EmulatorOptions options;
    options.service.test_results = {false, true, false};
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
    std::string bad = "made-up-other\n canary-refresh-token \r\n\n";
    EmulatorOptions options;
    options.service.bad_credentials = [&bad] { return bad; };
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
    bad += "made-up-new-token";
    EXPECT_FALSE(test(emulator, id));
}

TEST(CredentialCheck, OfAKeyFile) {
    std::string bad;
    EmulatorOptions options;
    options.service.bad_credentials = [&bad] { return bad; };
    RunningEmulator emulator(options);
    const std::string id =
        emulator.flow("POST", "/connections", service_body().dump()).json().at("id");
    EXPECT_TRUE(test(emulator, id));
    for (const std::string& line :
         {std::string("reader@my-project.iam.gserviceaccount.com"), std::string("made-up"),
          std::string("my-project"), key_file_content()}) {
        bad = line;
        EXPECT_FALSE(test(emulator, id)) << line;
    }
    bad = "my-projec";
    EXPECT_TRUE(test(emulator, id));
}

}  // namespace
}  // namespace bqconn::emulator
