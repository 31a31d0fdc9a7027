#include "bqconn/emulator/connection_patch.hpp"

#include "emulator/connections_test.hpp"

namespace bqconn::emulator {
namespace {

Json operation(const std::string& op, const std::string& path, const Json& value) {
    return {{"op", op}, {"path", path}, {"value", value}};
}

Json only(const Json& one) {
    return Json::array({one});
}

class PatchTest : public ConnectionsTest {
  protected:
    Reply patch(const std::string& id, const std::string& etag, const Json& operations) {
        Headers headers = emulator_.credentials();
        headers["Content-Type"] = "application/json";
        headers["If-Match"] = etag;
        return send(emulator_.port(), "PATCH", "/data/foundation/flowservice/connections/" + id,
                    headers, operations.dump());
    }

    Json item(const std::string& id) {
        return emulator_.flow("GET", "/connections/" + id).json().at("items").at(0);
    }

    Reply patch_now(const Json& operations) {
        return patch(id_, item(id_).at("etag").get<std::string>(), operations);
    }

    // An error in the older format; nothing has changed.
    void expect_patch_refused(const Json& operations, const std::string& what) {
        const Json before = item(id_);
        const Reply reply = patch_now(operations);
        EXPECT_EQ(reply.status, 400) << what;
        EXPECT_NE(json::string_at(reply.json(), "errorMessage").find(what), std::string::npos)
            << what << " is not in " << reply.body;
        EXPECT_EQ(reply.body.find("canary"), std::string::npos) << reply.body;
        EXPECT_EQ(item(id_), before) << what;
    }

    std::string id_ = emulator_.create("a name");
};

void expect_flow(const Reply& reply, int status, const std::string& code) {
    EXPECT_EQ(reply.status, status);
    EXPECT_EQ(reply.json().at("type"), "https://ns.adobe.com/aep/errors/FLOW-" + code);
}

TEST_F(PatchTest, ChangesNameAndEtag) {
    const Json before = item(id_);
    const Reply reply = patch_now(only(operation("replace", "/name", "another name")));
    EXPECT_EQ(reply.status, 200);
    const Json after = item(id_);
    EXPECT_EQ(reply.json(), (Json{{"id", id_}, {"etag", after.at("etag")}}));
    EXPECT_NE(after.at("etag"), before.at("etag"));
    EXPECT_EQ(after.at("version"), after.at("etag"));
    EXPECT_EQ(after.at("name"), "another name");
    EXPECT_EQ(after.at("auth"), before.at("auth"));
    EXPECT_EQ(after.at("createdAt"), before.at("createdAt"));
    EXPECT_GT(after.at("updatedAt"), before.at("updatedAt"));
}

TEST_F(PatchTest, Description) {
    EXPECT_EQ(patch_now(only(operation("add", "/description", "words"))).status, 200);
    EXPECT_EQ(item(id_).at("description"), "words");
    EXPECT_EQ(patch_now(only(operation("add", "/description", "more"))).status, 200);
    EXPECT_EQ(patch_now(only(operation("replace", "/description", ""))).status, 200);
    EXPECT_EQ(item(id_).at("description"), "");
    EXPECT_EQ(patch_now(only({{"op", "remove"}, {"path", "/description"}})).status, 200);
    EXPECT_FALSE(item(id_).contains("description"));
    expect_patch_refused(only(operation("replace", "/description", "canary")), "no description");
    expect_patch_refused(only({{"op", "remove"}, {"path", "/description"}}), "no description");
}

TEST_F(PatchTest, ReplacesAllParams) {
    Json params = basic_body().at("auth").at("params");
    params["refreshToken"] = "made-up-other-token";
    EXPECT_EQ(patch_now(only(operation("replace", "/auth/params", params))).status, 200);
    EXPECT_EQ(item(id_).at("auth").at("params"), params);
    EXPECT_EQ(item(id_).at("auth").at("specName"), "Basic Authentication");
}

TEST_F(PatchTest, ParamsAreThoseOfTheAuthSpec) {
    Json params = basic_body().at("auth").at("params");
    params.erase("clientSecret");
    expect_patch_refused(only(operation("replace", "/auth/params", params)), "clientSecret");
    expect_patch_refused(
        only(operation("replace", "/auth/params", service_body().at("auth").at("params"))),
        "auth.params");
    expect_patch_refused(only(operation("replace", "/auth/params", "canary")), "must be an object");
    expect_patch_refused(only({{"op", "remove"}, {"path", "/auth/params"}}), "cannot be removed");
}

TEST_F(PatchTest, AllOrNothing) {
    expect_patch_refused(Json::array({operation("replace", "/name", "canary name"),
                                      operation("replace", "/state", "disabled")}),
                         "operation 2: path must be");
    EXPECT_EQ(patch_now(Json::array({operation("replace", "/name", "b"),
                                     operation("add", "/description", "c")}))
                  .status,
              200);
    EXPECT_EQ(item(id_).at("name"), "b");
    EXPECT_EQ(item(id_).at("description"), "c");
}

TEST_F(PatchTest, WhatIsNoOperation) {
    expect_patch_refused(operation("replace", "/name", "canary"), "must be an array");
    expect_patch_refused(Json::array(), "must be an array");
    expect_patch_refused(only("canary"), "operation 1 must be an object");
    for (const char* const op : {"Replace", "REPLACE", "move", "copy", "test", "canary"}) {
        expect_patch_refused(only(operation(op, "/name", "canary")), "op must be add");
    }
    for (const char* const path : {"name", "/", "/auth", "/auth/params/refreshToken",
                                   "/auth/params/", "/connectionSpec", "/state", "/Name"}) {
        expect_patch_refused(only(operation("replace", path, "canary")), "path must be");
    }
    expect_patch_refused(only({{"op", "replace"}, {"path", "/name"}}), "value is missing");
    expect_patch_refused(only({{"path", "/name"}, {"value", "canary"}}), "op is missing");
    expect_patch_refused(only({{"op", "add"}, {"value", "canary"}}), "path is missing");
    expect_patch_refused(only(operation("remove", "/description", "canary")), "takes no value");
    Json more = operation("replace", "/name", "canary");
    more["from"] = "/description";
    expect_patch_refused(only(more), "none of op, path, value");
    expect_patch_refused(only(operation("replace", "/name", "")), "must not be empty");
    expect_patch_refused(only(operation("replace", "/name", 1)), "must be a string");
    expect_patch_refused(only(operation("add", "/description", nullptr)), "must be a string");
    expect_patch_refused(only({{"op", "remove"}, {"path", "/name"}}), "cannot be removed");
}

TEST_F(PatchTest, Etag) {
    const Json operations = only(operation("replace", "/name", "b"));
    const std::string etag = item(id_).at("etag");
    expect_flow(emulator_.flow("PATCH", "/connections/" + id_, operations.dump()), 400, "1403-400");
    expect_flow(patch(id_, "", operations), 400, "1403-400");
    for (const std::string& stale :
         {std::string("\"other\""), std::string("*"), etag.substr(1, etag.size() - 2)}) {
        expect_flow(patch(id_, stale, operations), 412, "1404-412");
    }
    EXPECT_EQ(item(id_).at("name"), "a name");
    EXPECT_EQ(patch(id_, etag, operations).status, 200);
    expect_flow(patch(id_, etag, operations), 412, "1404-412");
}

TEST_F(PatchTest, UnknownPath) {
    const Json operations = only(operation("replace", "/name", "b"));
    expect_flow(patch("nope", "\"e\"", operations), 404, "1439-404");
    EXPECT_EQ(patch(id_ + "/", item(id_).at("etag"), operations).status, 404);
    EXPECT_EQ(item(id_).at("name"), "a name");
    EXPECT_EQ(emulator_.flow("PATCH", "/connections", operations.dump()).status, 405);
}

TEST(PatchSwitch, NotEnabled) {
    EmulatorOptions options;
    options.service.patch = false;
    RunningEmulator emulator(options);
    const std::string id = emulator.create("a");
    expect_flow(emulator.flow("PATCH", "/connections/" + id, "[]"), 400, "1445-400");
    EXPECT_EQ(emulator.flow("DELETE", "/connections/" + id).status, 204);
}

TEST_F(ConnectionsTest, Delete) {
    const std::string id = emulator_.create("a");
    const std::string other = emulator_.create("b");
    expect_flow(emulator_.flow("DELETE", "/connections/" + id, {}, "prod"), 404, "1439-404");
    const Reply reply = emulator_.flow("DELETE", "/connections/" + id);
    EXPECT_EQ(reply.status, 204);
    EXPECT_EQ(reply.body, "");
    EXPECT_FALSE(reply.has("content-type"));
    expect_flow(emulator_.flow("GET", "/connections/" + id), 404, "1439-404");
    expect_flow(emulator_.flow("DELETE", "/connections/" + id), 404, "1439-404");
    EXPECT_EQ(emulator_.flow("GET", "/connections/" + other).status, 200);
    EXPECT_EQ(emulator_.flow("DELETE", "/connections/" + other + "/").status, 404);
}

}  // namespace
}  // namespace bqconn::emulator
