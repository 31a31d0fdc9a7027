// An emulator that accepts connections.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "emulator/http_client.hpp"

namespace bqconn::emulator {

class ConnectionsTest : public testing::Test {
  protected:
    Reply post(const Json& body, const std::string& sandbox = "dev") {
        return emulator_.flow("POST", "/connections", body.dump(), sandbox);
    }

    // An error in the older format that names `what` and has no canary; nothing was stored.
    void expect_refused(const Json& body, const std::string& what,
                        const std::string& sandbox = "dev") {
        const Reply reply = post(body, sandbox);
        EXPECT_EQ(reply.status, 400) << what;
        EXPECT_NE(json::string_at(reply.json(), "errorMessage").find(what), std::string::npos)
            << what << " is not in " << reply.body;
        EXPECT_EQ(reply.body.find("canary"), std::string::npos) << reply.body;
        EXPECT_TRUE(reply.has("x-request-id"));
        EXPECT_EQ(emulator_.flow("GET", "/connections?count=true", {}, sandbox).json().at("count"),
                  0);
    }

    RunningEmulator emulator_;
};

inline Json with_params(Json body, const Json& changes) {
    body["auth"]["params"].update(changes);
    return body;
}

inline Json without_param(Json body, const std::string& name) {
    body["auth"]["params"].erase(name);
    return body;
}

inline Json aws_body() {
    return with_params(service_body(), {{"datasetId", "my_dataset"}});
}

}  // namespace bqconn::emulator
