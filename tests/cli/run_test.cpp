#include "bqconn/cli/run.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <utility>

#include "bqconn/core/exit_code.hpp"
#include "support/fake_transport.hpp"
#include "support/one_run.hpp"
#include "support/samples.hpp"
#include "support/temp_folder.hpp"

namespace bqconn::cli {
namespace {

using tests::OneRun;

TEST(Run, CreateSendsOnePost) {
    OneRun run({"create"});
    run.set_everything();
    run.transport.answer(201, tests::created_body);
    EXPECT_EQ(run(), 0);
    EXPECT_EQ(
        run.out.str(),
        R"({"id":"6990abad-977d-41b9-a85d-17ea8cf1c0e4","etag":"\"ca00acbf-0000-0200-0000-60149e1e0000\"",)"
        R"("name":"Google BigQuery my-project-123","sandboxName":"prod","outcome":"created"})"
        "\n");
    EXPECT_EQ(run.err.str(), "");
    ASSERT_EQ(run.transport.requests().size(), 1U);
    EXPECT_EQ(run.transport.requests()[0].url,
              "https://platform.adobe.io/data/foundation/flowservice/connections");
}

TEST(Run, ErrorsAreJsonOnlyIfAskedFor) {
    struct Row {
        std::vector<std::string> args;
        const char* variable;
        bool json;
    };
    for (const Row& row :
         {Row{{"create"}, "", false}, Row{{"craete"}, "", false}, Row{{"create"}, "json", true},
          Row{{"create", "-o", "auto"}, "json", false}, Row{{"create", "-o", "json"}, "", true},
          Row{{"list", "-o", "ndjson"}, "", true}, Row{{"create", "-o", "text"}, "", false},
          Row{{"create", "-o", "id"}, "", false}, Row{{"create", "--nope", "-ojson"}, "", true},
          Row{{"create", "--nope", "--output=text"}, "json", false}}) {
        OneRun run(row.args);
        run.set("BQCONN_OUTPUT", *row.variable == '\0' ? "auto" : row.variable);
        EXPECT_EQ(run(), 2);
        EXPECT_EQ(run.out.str(), "");
        const std::string& error = run.err.str();
        EXPECT_EQ(error.starts_with(R"({"error":{"code":)"), row.json) << error;
        EXPECT_EQ(error.find("error:") != std::string::npos && !error.starts_with("{"), !row.json)
            << error;
    }
}

TEST(Run, ColoursAreForTerminals) {
    for (const bool terminal : {false, true}) {
        OneRun run({"create", "-o", "text"});
        run.err_is_terminal = terminal;
        run();
        EXPECT_EQ(run.err.str().find('\x1b') != std::string::npos, terminal);
    }
    OneRun without({"create", "-o", "text", "--no-color"});
    without.err_is_terminal = true;
    without();
    EXPECT_EQ(without.err.str().find('\x1b'), std::string::npos);
    OneRun variable({"create", "-o", "text"});
    variable.err_is_terminal = true;
    variable.set("NO_COLOR", "1");
    variable();
    EXPECT_EQ(variable.err.str().find('\x1b'), std::string::npos);
}

// Never inside a word; without a terminal, as it is.
TEST(Run, ErrorsAreWrappedToTheTerminal) {
    OneRun plain({"create", "-o", "text"});
    plain.columns = 40;
    EXPECT_EQ(plain(), 2);
    OneRun run({"create", "-o", "text", "--no-color"});
    run.err_is_terminal = true;
    run.columns = 40;
    EXPECT_EQ(run(), 2);
    const auto words_of = [](const std::string& text) {
        std::istringstream in(text);
        return std::vector<std::string>(std::istream_iterator<std::string>(in), {});
    };
    EXPECT_EQ(words_of(run.err.str()), words_of(plain.err.str()));
    EXPECT_NE(run.err.str(), plain.err.str());
    std::istringstream lines(run.err.str());
    for (std::string line; std::getline(lines, line);) {
        EXPECT_TRUE(line.size() <= 40 || line.find(' ', line.find_first_not_of(' ')) == line.npos)
            << line;
    }
}

TEST(Run, NoProgressOnADumbTerminal) {
    for (const char* const terminal : {"xterm", "dumb"}) {
        OneRun run({"check", "--offline", "-o", "text", "--no-color"});
        run.err_is_terminal = true;
        run.set("TERM", terminal);
        run();
        OneRun list({"list"});
        list.err_is_terminal = true;
        list.set("TERM", terminal);
        list.set_everything();
        list.transport.answer(200, R"({"items":[]})");
        EXPECT_EQ(list(), 0);
        EXPECT_EQ((run.err.str() + list.err.str()).find('\x1b') == std::string::npos,
                  std::string_view(terminal) == "dumb");
    }
}

TEST(Run, SignsBeyondAsciiNeedAUtf8Locale) {
    const std::vector<std::array<const char*, 3>> rows{
        {"", "", "✗"}, {"", "C", "x"}, {"", "de_DE.UTF-8", "✗"}, {"POSIX", "C.UTF-8", "x"}};
    for (const auto& [all, lang, mark] : rows) {
        OneRun run({"check", "--offline", "-o", "text"});
        run.set("LC_ALL", all);
        run.set("LANG", lang);
        EXPECT_NE(run(), 0);
        EXPECT_TRUE(run.out.str().starts_with(mark)) << run.out.str();
    }
}

TEST(Run, WarningsAndQuiet) {
    for (const bool quiet : {false, true}) {
        OneRun run({"create", "-o", "text"});
        if (quiet) {
            run.args.emplace_back("-q");
        }
        run.set_everything();
        run.set("BQCONN_CLIENT_ID", "odd-client");
        run.transport.answer(201, tests::created_body);
        EXPECT_EQ(run(), 0);
        EXPECT_EQ(run.err.str().empty(), quiet);
    }
}

TEST(Run, VerboseShowsTheRequestAndNoSecret) {
    OneRun run({"create", "-v"});
    run.set_everything();
    run.transport.answer(201, tests::created_body, {{"x-request-id", "request-1"}});
    EXPECT_EQ(run(), 0);
    EXPECT_NE(run.err.str().find("POST https://platform.adobe.io"), std::string::npos);
    EXPECT_NE(run.err.str().find("request-1"), std::string::npos);
    EXPECT_EQ(run.err.str().find("made-up-access-token"), std::string::npos);
}

TEST(Run, ASecretThatTheServerEchoesIsTakenOut) {
    for (const char* const form : {"text", "json"}) {
        OneRun run({"create", "-o", form});
        run.set_everything();
        run.transport.answer(
            400,
            R"({"title":"made-up refresh token, bWFkZS11cCByZWZyZXNoIHRva2Vu, made-up%20refresh%20token"})",
            {{"x-request-id", "made-up-access-token"}});
        EXPECT_EQ(run(), 5);
        EXPECT_NE(run.err.str().find("[redacted], [redacted], [redacted]"), std::string::npos)
            << run.err.str();
        EXPECT_EQ(run.err.str().find("made-up-access-token"), std::string::npos) << run.err.str();
    }
}

TEST(Run, AWarningShowsNoSecret) {
    for (const char* const form : {"text", "json"}) {
        OneRun run({"create", "-o", form});
        run.set_everything();
        run.set("BQCONN_CLIENT_ID", "made-up refresh token");
        run.transport.answer(201, tests::created_body);
        EXPECT_EQ(run(), 0);
        EXPECT_NE(run.err.str().find("warning"), std::string::npos);
        EXPECT_EQ(run.err.str().find("made-up refresh"), std::string::npos) << run.err.str();
    }
}

TEST(Run, ABugIsSaidWithoutASecret) {
    OneRun run({"create", "-o", "text"});
    run.set_everything();
    run.bug = "while made-up-access-token was sent";
    EXPECT_EQ(run(), 1);
    EXPECT_EQ(run.out.str(), "");
    EXPECT_NE(run.err.str().find("a bug in bqconn: while [redacted] was sent"), std::string::npos)
        << run.err.str();
}

TEST(Run, ALogFileThatCannotBeOpenedEndsTheRun) {
    const tests::TempFolder folder;
    OneRun run({"create", "-o", "text", "--log-file", folder.path("none/log")});
    run.set_everything();
    EXPECT_EQ(run(), 3);
    EXPECT_NE(run.err.str().find("--log-file"), std::string::npos);
    EXPECT_TRUE(run.transport.requests().empty());
}

TEST(Run, ALogFileIsPrivateFromTheFirstByteOn) {
    const tests::TempFolder folder;
    OneRun run({"create", "-o", "text", "--log-file", folder.path("log")});
    run.set_everything();
    run.transport.answer(201, tests::created_body);
    EXPECT_EQ(run(), 0);
    EXPECT_EQ(std::filesystem::status(folder.path("log")).permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    EXPECT_GT(std::filesystem::file_size(folder.path("log")), 0U);
}

TEST(Run, TwoPreviewsAtOnceAreNone) {
    OneRun run({"create", "--dry-run", "--print-curl"});
    run.set_everything();
    EXPECT_EQ(run(), 2);
    EXPECT_EQ(run.out.str(), "");
}

TEST(Run, AStoppedRunSaysWhatIsKnown) {
    OneRun unsent({"create", "-o", "text"});
    unsent.signal = 2;
    unsent.set_everything();
    unsent.transport.fail(http::Sent::no, "interrupted");
    EXPECT_EQ(unsent(), 130);
    EXPECT_EQ(unsent.err.str(), "error: stopped by signal 2: nothing was created\n");
    OneRun sent({"create", "-o", "text"});
    sent.signal = 15;
    sent.set_everything();
    sent.transport.fail(http::Sent::maybe, "interrupted");
    EXPECT_EQ(sent(), 143);
    EXPECT_NE(sent.err.str().find("may or may not have been created"), std::string::npos);
    EXPECT_NE(sent.err.str().find("\nhint: check before"), std::string::npos) << sent.err.str();
    EXPECT_EQ(sent.out.str(), "");
}

TEST(Run, AnUnwritableStdoutIsSaidWithTheId) {
    OneRun run({"create"});
    run.set_everything();
    run.transport.answer(201, tests::created_body);
    run.out.setstate(std::ios::badbit);
    EXPECT_EQ(run(), 13);
    EXPECT_NE(run.err.str().find("6990abad-977d-41b9-a85d-17ea8cf1c0e4"), std::string::npos);
}

TEST(Run, BadWordsForSettingsAreUsageErrors) {
    const std::vector<std::pair<const char*, const char*>> bad{
        {"BQCONN_OUTPUT", "yaml"},
        {"BQCONN_LOG", "loud"},
        {"BQCONN_IF_EXISTS", "perhaps"},
        {"BQCONN_TIMEOUT", "soon"},
        {"BQCONN_ALLOW_INSECURE_FILES", "maybe"}};
    for (const auto& [name, value] : bad) {
        OneRun run({"create", "--no-recover"});
        run.set_everything();
        run.set(name, value);
        EXPECT_EQ(run(), 2) << name;
        EXPECT_NE(run.err.str().find(name), std::string::npos) << run.err.str();
    }
}

TEST(Run, HelpAndVersion) {
    OneRun version({"--version"});
    EXPECT_EQ(version(), 0);
    EXPECT_TRUE(version.out.str().starts_with("bqconn "));
    EXPECT_NE(version.out.str().find("\nlibcurl 0\ncommit "), std::string::npos);
    for (const auto& args : std::vector<std::vector<std::string>>{
             {}, {"--help"}, {"create", "--help"}, {"list", "-h"}}) {
        OneRun help(args);
        EXPECT_EQ(help(), 0);
        EXPECT_EQ(help.err.str(), "");
        std::istringstream lines(help.out.str());
        for (std::string line; std::getline(lines, line);) {
            EXPECT_LE(line.size(), 100U) << line;
        }
    }
}

}  // namespace
}  // namespace bqconn::cli
