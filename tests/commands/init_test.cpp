// init: its questions, and which lines it writes and keeps.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "bqconn/config/profiles.hpp"
#include "bqconn/json/parse.hpp"
#include "support/one_run.hpp"
#include "support/temp_folder.hpp"
#include "support/test_keys.hpp"

namespace bqconn::commands {
namespace {

using tests::OneRun;

struct InitRun : OneRun {
    InitRun(std::vector<std::string> arguments, const tests::TempFolder& folder)
        : OneRun(std::move(arguments)), path(folder.path("bqconn/default.env")) {
        set("XDG_CONFIG_HOME", folder.path().c_str());
    }
    int answered(const std::string& answers) {
        in_is_terminal = true;
        err_is_terminal = true;
        in.str(answers);
        return (*this)();
    }
    std::string written() const {
        std::ifstream file(path);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    bool writes(const std::string& line) const {
        return ("\n" + written()).find("\n" + line + "\n") != std::string::npos;
    }
    std::string path;
};

TEST(Init, WritesWhatIsGiven) {
    const tests::TempFolder folder;
    InitRun run({"init", "--org-id", "ABCD@AdobeOrg", "--dataset", "made_up", "--timeout", "5",
                 "--no-cache"},
                folder);
    run.set("BQCONN_API_SECRET", "made-up secret");
    EXPECT_EQ(run(), 0) << run.err.str();
    EXPECT_EQ(json::parse(run.out.str()), (json::Json{{"profile", "default"}, {"path", run.path}}));
    EXPECT_TRUE(run.writes("BQCONN_ORG_ID=ABCD@AdobeOrg"));
    EXPECT_TRUE(run.writes("BQCONN_API_SECRET='made-up secret'"));
    EXPECT_TRUE(run.writes("BQCONN_DATASET=made_up"));
    EXPECT_TRUE(run.writes("BQCONN_TIMEOUT=5"));
    EXPECT_TRUE(run.writes("BQCONN_NO_CACHE=true"));
    EXPECT_TRUE(run.writes("# BQCONN_API_KEY="));
    EXPECT_TRUE(run.writes("# BQCONN_KEY_FILE="));
    EXPECT_EQ(run.written().find("BQCONN_IMS_URL"), std::string::npos)
        << "defaults are not written";
    EXPECT_EQ(run.err.str().find("made-up"), std::string::npos);
}

TEST(Init, AsksForWhatIsMissing) {
    const tests::TempFolder folder;
    InitRun run({"init", "-o", "text", "--sandbox", "prod"}, folder);
    EXPECT_EQ(run.answered("\nmade-up-key\n made-up-secret \nABCD@AdobeOrg\n\n\nmade-up-client\n"
                           "made-up-client-secret\nmy-project-123\n"),
              0)
        << run.err.str();
    EXPECT_EQ(run.out.str(), run.path + "\n");
    for (const char* const line :
         {"BQCONN_API_KEY=made-up-key", "BQCONN_API_SECRET=made-up-secret",
          "BQCONN_ORG_ID=ABCD@AdobeOrg", "BQCONN_SANDBOX_NAME=prod",
          "BQCONN_PROJECT=my-project-123", "BQCONN_CLIENT_ID=made-up-client",
          "BQCONN_CLIENT_SECRET=made-up-client-secret"}) {
        EXPECT_TRUE(run.writes(line)) << line;
    }
    EXPECT_EQ(run.typing, (std::vector<bool>{false, true, false, true})) << "two secrets";
    EXPECT_EQ(run.written().find("BQCONN_REFRESH_TOKEN"), std::string::npos)
        << "bqconn auth google adds it";
    EXPECT_NE(run.err.str().find("api-key:   A value is required"), std::string::npos)
        << run.err.str();
    EXPECT_NE(run.err.str().find("where: Adobe Developer Console"), std::string::npos);
    EXPECT_EQ(run.err.str().find("sandbox-name"), std::string::npos);
    EXPECT_EQ(run.written().find("BQCONN_KEY_FILE"), std::string::npos) << "the other kind";
}

TEST(Init, SaysWhatItDoesHowToLeaveAndExplainsAgain) {
    const tests::TempFolder folder;
    InitRun run({"init", "-o", "text"}, folder);
    EXPECT_EQ(run.answered("?\nmade-up-key\n?\nmade-up-secret\nABCD@AdobeOrg\nprod\n\n\n\n"), 0)
        << run.err.str();
    const std::string seen = run.err.str();
    EXPECT_TRUE(seen.starts_with("bqconn init writes a profile")) << seen;
    EXPECT_NE(seen.find(run.path), std::string::npos) << seen;
    EXPECT_LT(seen.find("Ctrl-C quits"), seen.find("api-key: ")) << seen;
    const auto times = [&seen](const std::string& text) {
        int count = 0;
        for (auto at = seen.find(text); at != std::string::npos; at = seen.find(text, at + 1)) {
            ++count;
        }
        return count;
    };
    EXPECT_EQ(times("\"Client ID\""), 2) << seen;
    EXPECT_EQ(times("\"Retrieve client secret\""), 2) << seen;
    EXPECT_TRUE(run.writes("BQCONN_API_KEY=made-up-key"));
    EXPECT_TRUE(run.writes("BQCONN_API_SECRET=made-up-secret"));
}

TEST(Init, AKeyFileIsLookedAt) {
    const tests::TempFolder folder;
    const std::string key = folder.write("key.json", tests::service_account_text());
    InitRun run({"init"}, folder);
    EXPECT_EQ(run.answered("made-up-key\nmade-up-secret\nABCD@AdobeOrg\nprod\nmy-project-123\n" +
                           folder.path() + "\n" + key + "\n"),
              0)
        << run.err.str();
    EXPECT_NE(run.err.str().find("is a folder"), std::string::npos);
    EXPECT_TRUE(run.writes("BQCONN_KEY_FILE=" + key));
    EXPECT_NE(run.err.str().find("next: run bqconn check\n"), std::string::npos);
}

TEST(Init, TheEndOfTheInputWritesNothing) {
    const tests::TempFolder folder;
    for (const char* const answers : {"", "made-up-key\n", "made-up-key\nmade-up-half-a-secret"}) {
        InitRun run({"init", "-o", "text"}, folder);
        EXPECT_EQ(run.answered(answers), 2) << answers;
        EXPECT_EQ(run.written(), "");
        EXPECT_EQ(run.out.str(), "");
        EXPECT_TRUE(run.typing.empty() || run.typing.back()) << "echo is on again";
    }
}

TEST(Init, AProfileIsReplacedOnlyIfOneSaysSo) {
    const tests::TempFolder folder;
    InitRun first({"init"}, folder);
    EXPECT_EQ(first(), 0);
    InitRun again({"init", "--org-id", "ABCD@AdobeOrg"}, folder);
    EXPECT_EQ(again(), 3);
    EXPECT_NE(again.err.str().find("config.profile_exists"), std::string::npos);
    InitRun no({"init", "--org-id", "ABCD@AdobeOrg"}, folder);
    EXPECT_EQ(no.answered("n\n"), 2);
    EXPECT_EQ(no.written(), first.written());
    std::ofstream(first.path) << "BQCONN_PROJECT=a b\n";
    InitRun forced({"init", "--force", "--org-id", "ABCD@AdobeOrg"}, folder);
    EXPECT_EQ(forced(), 0) << "the replaced profile is not read";
    EXPECT_TRUE(forced.writes("BQCONN_ORG_ID=ABCD@AdobeOrg"));
}

TEST(Init, WarnsOfAnEmulator) {
    const tests::TempFolder folder;
    for (const std::string name : {"BQCONN_PLATFORM_URL", "BQCONN_IMS_URL"}) {
        InitRun run({"init", "--force", "-o", "text"}, folder);
        run.set(name.c_str(), "http://127.0.0.1:8080");
        EXPECT_EQ(run(), 0);
        const std::string warning =
            name + " (environment) is http://127.0.0.1:8080, a local emulator";
        EXPECT_NE(run.err.str().find(warning), std::string::npos) << run.err.str();
    }
    InitRun run({"init", "--force", "-o", "text"}, folder);
    run.set("BQCONN_PLATFORM_URL", "https://platform-nld2.adobe.io");
    EXPECT_EQ(run(), 0);
    EXPECT_EQ(run.err.str().find("emulator"), std::string::npos) << run.err.str();
}

TEST(Init, ACredentialFileIsNamed) {
    const tests::TempFolder folder;
    const std::string file = folder.write(
        "adobe.json",
        R"({"org_id":"ABCD@AdobeOrg","client_id":"made-up-key","secret":"made-up-secret"})");
    InitRun run({"init", "--credentials", file}, folder);
    EXPECT_EQ(run(), 0) << run.err.str();
    EXPECT_TRUE(run.writes("BQCONN_CREDENTIALS=" + file));
    EXPECT_EQ(run.written().find("made-up-secret"), std::string::npos);
    EXPECT_EQ(run.written().find("BQCONN_ORG_ID"), std::string::npos);
    EXPECT_TRUE(run.writes("# BQCONN_SANDBOX_NAME="));
}

TEST(Init, AColonCannotStandInAListOfFiles) {
    const tests::TempFolder folder;
    const std::string file =
        folder.write("a:b.json", R"({"org_id":"ABCD@AdobeOrg","client_id":"made-up-key"})");
    InitRun run({"init", "--credentials", file}, folder);
    EXPECT_EQ(run(), 3);
    EXPECT_NE(run.err.str().find("config.unwritable_value"), std::string::npos);
    EXPECT_EQ(run.written(), "");
}

TEST(Init, NeedsAPlaceAndAName) {
    OneRun homeless({"init"});
    EXPECT_EQ(homeless(), 3);
    EXPECT_NE(homeless.err.str().find("config.no_home"), std::string::npos);
    const tests::TempFolder folder;
    InitRun named({"init", "--profile", "../x"}, folder);
    EXPECT_EQ(named(), 2);
}

}  // namespace
}  // namespace bqconn::commands
