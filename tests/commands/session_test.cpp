// The options of the transport that a verb uses.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "support/one_run.hpp"
#include "support/temp_folder.hpp"

namespace bqconn::commands {
namespace {

using tests::OneRun;

http::TransportOptions options_of(const tests::TempFolder& folder, const std::string& profile,
                                  const config::Environment& more = {}) {
    OneRun run({"list"});
    run.set_everything();
    run.set("XDG_CONFIG_HOME", folder.path().c_str());
    for (const auto& [name, value] : more) {
        run.environment.insert_or_assign(name, value);
    }
    std::filesystem::create_directories(folder.path("bqconn"));
    folder.write("bqconn/default.env", profile);
    run.transport.answer(200, R"({"items":[]})");
    EXPECT_EQ(run(), 0) << run.err.str();
    return run.options;
}

TEST(TransportOfAVerb, NamesAProfileOfAnEmulator) {
    const tests::TempFolder folder;
    const std::string hint =
        options_of(folder, "BQCONN_PROJECT=p-12345\nBQCONN_PLATFORM_URL=http://127.0.0.1:1\n")
            .loopback_hint;
    EXPECT_NE(hint.find(folder.path("bqconn/default.env") + ":2: BQCONN_PLATFORM_URL"),
              std::string::npos)
        << hint;
    EXPECT_NE(hint.find("bqconn-emulator exec"), std::string::npos) << hint;
    for (const std::string profile : {"", "BQCONN_PLATFORM_URL=https://platform.example\n"}) {
        EXPECT_EQ(options_of(folder, profile).loopback_hint, "") << profile;
    }
    EXPECT_EQ(options_of(folder, "BQCONN_IMS_URL=http://127.0.0.1:1\n",
                         {{"BQCONN_IMS_URL", Secret("http://127.0.0.1:2")}})
                  .loopback_hint,
              "")
        << "in the emulator's shell";
}

TEST(TransportOfAVerb, UsesTheFolderOfRootsUnlessAFileIsNamedForBqconn) {
    const tests::TempFolder folder;
    const Secret roots("/roots");
    const config::Environment environment{{"SSL_CERT_DIR", roots}};
    EXPECT_EQ(options_of(folder, "", environment).ca_folder, "/roots");
    config::Environment with_file = environment;
    with_file.emplace("SSL_CERT_FILE", Secret("/file"));
    EXPECT_EQ(options_of(folder, "", with_file).ca_folder, "/roots");
    EXPECT_EQ(options_of(folder, "", with_file).ca_file, "/file");
    config::Environment ours = environment;
    ours.emplace("BQCONN_CA_FILE", Secret("/file"));
    EXPECT_EQ(options_of(folder, "", ours).ca_folder, "");
    EXPECT_EQ(options_of(folder, "BQCONN_CA_FILE=/file\n", environment).ca_folder, "");
}

}  // namespace
}  // namespace bqconn::commands
