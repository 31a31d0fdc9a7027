// Connections in an emulator, and lists of them.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "emulator/http_client.hpp"

namespace bqconn::emulator {

inline constexpr std::int64_t first_time = 1'700'000'000'000;

class ListTest : public testing::Test {
  protected:
    ListTest() {
        Options options;
        // Connections are created a millisecond apart.
        options.clock = [this] {
            return std::chrono::system_clock::time_point(
                std::chrono::milliseconds(first_time + made_));
        };
        emulator_ = std::make_unique<RunningEmulator>(options);
    }

    // Stored directly, because a hundred requests would be slower.
    std::string make(const std::string& name, const std::string& state = "enabled") {
        const Sandbox* sandbox = emulator_->emulator.store().find_sandbox("dev");
        const auto added = emulator_->emulator.store().add(
            Kind::connection, *sandbox,
            {{"name", name},
             {"state", state},
             {"connectionSpec", {{"id", "3c9b37f8-13a6-43d8-bad3-b863b941fedd"}}}});
        ++made_;
        return added->at("id");
    }

    Reply list(const std::string& query) { return emulator_->flow("GET", "/connections" + query); }

    std::vector<std::string> names(const std::string& query) {
        std::vector<std::string> found;
        const Reply reply = list(query);
        EXPECT_EQ(reply.status, 200) << reply.body;
        const Json document = reply.json();
        for (const auto& item : document.at("items")) {
            found.push_back(item.at("name"));
        }
        return found;
    }

    void expect_refused(const std::string& query, const std::string& code) {
        const Reply reply = list(query);
        EXPECT_EQ(reply.status, 400) << query;
        EXPECT_EQ(reply.json().at("type"), "https://ns.adobe.com/aep/errors/FLOW-" + code) << query;
        EXPECT_EQ(reply.json().at("report").at("request-id"), reply.header("x-request-id"));
    }

    std::atomic<std::int64_t> made_ = 0;
    std::unique_ptr<RunningEmulator> emulator_;
};

using Names = std::vector<std::string>;

}  // namespace bqconn::emulator
