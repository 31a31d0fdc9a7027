#include "bqconn/output/changes.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "bqconn/json/parse.hpp"

namespace bqconn::output {
namespace {

using manifest::Action;
using manifest::Change;
using manifest::Effect;
using manifest::Type;

Change change(Type type, const std::string& name, Action action, const std::string& id = {}) {
    Change one{.type = type,
               .sandbox = "dev",
               .name = name,
               .id = id,
               .action = action,
               .differences = {},
               .problems = {},
               .notes = {}};
    return one;
}

std::vector<Change> one_of_each() {
    std::vector<Change> changes{change(Type::connection, "New", Action::create),
                                change(Type::connection, "Same", Action::none, "c2"),
                                change(Type::dataflow, "Orders", Action::update, "f1"),
                                change(Type::dataflow, "Users", Action::replace, "f2"),
                                change(Type::dataflow, "Old", Action::remove, "f3"),
                                change(Type::connection, "Kept", Action::none, "c4")};
    changes[0].differences = {{.key = "kind", .from = {}, .to = "basic"},
                              {.key = "description", .from = {}, .to = "two\nlines"}};
    changes[2].differences = {
        {.key = "every", .from = "every hour", .to = "every 15 minutes"},
        {.key = "partial", .from = "5", .to = {}},
        {.key = "backfill", .from = "false", .to = "true", .effect = Effect::fixed}};
    changes[2].problems = {"backfill cannot be changed\n  in two lines"};
    changes[3].differences = {
        {.key = "table", .from = "shop.old", .to = "shop.users", .effect = Effect::replace}};
    changes[3].notes = {"a note"};
    changes[3].sandbox = changes[4].sandbox = changes[5].sandbox = "prod";
    changes[5].notes = {"kept, although it is not in the file: dataflow f9 uses it"};
    return changes;
}

TEST(Changes, AreListedBySandbox) {
    EXPECT_EQ(text_of(one_of_each(), Style{}),
              "Sandbox dev\n"
              "  + connection New\n"
              "      kind         basic\n"
              "      description  two lines\n"
              "  ~ dataflow Orders  (f1)\n"
              "      every     every hour -> every 15 minutes\n"
              "      partial   5 -> (none)\n"
              "      backfill  false -> true  (cannot be changed)\n"
              "      ! backfill cannot be changed\n"
              "        in two lines\n"
              "\nSandbox prod\n"
              "  ± dataflow Users  (f2)\n"
              "      table  shop.old -> shop.users  (replaces the dataflow)\n"
              "      a note\n"
              "  - dataflow Old  (f3)\n"
              "    connection Kept  (c4)\n"
              "      kept, although it is not in the file: dataflow f9 uses it\n"
              "\n1 to create, 1 to replace (with --replace), 1 to delete, 1 with problems (!), 2 "
              "unchanged\n");
}

TEST(Changes, HaveSignsInAsciiAndColour) {
    const std::vector<Change> changes{change(Type::dataflow, "Users", Action::replace, "f2")};
    Style ascii;
    ascii.ascii = true;
    EXPECT_NE(text_of(changes, ascii).find("  -/+ dataflow Users"), std::string::npos);
    Style coloured;
    coloured.colour = true;
    EXPECT_NE(text_of(changes, coloured).find("  \x1b[35m±\x1b[0m dataflow"), std::string::npos)
        << text_of(changes, coloured);
}

TEST(Changes, SayWhatWasNotCompared) {
    const manifest::Object wanted;
    const flow::Connection existing;
    std::vector<Change> changes{change(Type::connection, "A", Action::none, "c1"),
                                change(Type::connection, "B", Action::none, "c2")};
    for (auto& one : changes) {
        one.wanted = &wanted;
        one.connection = &existing;
    }
    EXPECT_EQ(text_of(changes, Style{}),
              "No changes: the sandboxes match the file (2 unchanged).\n"
              "Not compared: the credentials of 2 connections, which the service does not return "
              "(apply --rotate sends them).\n");
    changes[1].action = Action::update;
    changes[1].differences = {{.key = manifest::credentials_key, .from = {}, .to = "sent again"}};
    EXPECT_EQ(text_of(changes, Style{}),
              "Sandbox dev\n"
              "  ~ connection B  (c2)\n"
              "      credentials  sent again\n"
              "\n1 to update, 1 unchanged\n"
              "Not compared: the credentials of 1 connection, which the service does not return "
              "(apply --rotate sends them).\n");
}

TEST(Changes, AsJson) {
    const json::Json document = json::parse(json::to_line(to_json(one_of_each())));
    ASSERT_EQ(document["changes"].size(), 5U) << "what is the same and has no note is left out";
    EXPECT_EQ(document["changes"][0]["id"], nullptr);
    EXPECT_EQ(
        json::to_line(to_json(std::vector{one_of_each()[3]})),
        R"({"changes":[{"sandboxName":"prod","type":"dataflow","name":"Users","id":"f2",)"
        R"("action":"replace","differences":[{"key":"table","from":"shop.old",)"
        R"("to":"shop.users","effect":"replace"}],"problems":[],"notes":["a note"]}],)"
        R"("summary":{"create":0,"update":0,"replace":1,"delete":0,"withProblems":0,"unchanged":0},)"
        R"("notCompared":["credentials"]})");
}

TEST(Applied, ListsEachOutcome) {
    const Change created = change(Type::connection, "New", Action::create);
    const Change removed = change(Type::dataflow, "Old", Action::remove, "f3");
    const std::vector<Applied> results{
        {.change = &created, .id = "c1", .outcome = flow::Outcome::created},
        {.change = &created, .error = Error(ExitCode::rejected, "rejected.x", "refused")},
        {.change = &created, .error = Error(ExitCode::unknown, "unknown.x", "lost")},
        {.change = &removed, .id = "f3", .not_done = "the run ended before this change"}};
    EXPECT_EQ(text_of(results),
              "created   dev  connection New  (c1)\n"
              "failed    dev  connection New\n"
              "unknown   dev  connection New\n"
              "not done  dev  dataflow Old  (f3)\n"
              "          the run ended before this change\n");
    EXPECT_EQ(
        json::to_line(to_json(results)),
        R"({"changes":[{"sandboxName":"dev","type":"connection","name":"New","id":"c1",)"
        R"("action":"create","outcome":"created"},)"
        R"({"sandboxName":"dev","type":"connection","name":"New","id":null,)"
        R"("action":"create","outcome":"failed",)"
        R"("error":{"code":"rejected.x","message":"refused","exitCode":5}},)"
        R"({"sandboxName":"dev","type":"connection","name":"New","id":null,)"
        R"("action":"create","outcome":"unknown",)"
        R"("error":{"code":"unknown.x","message":"lost","exitCode":10}},)"
        R"({"sandboxName":"dev","type":"dataflow","name":"Old","id":"f3",)"
        R"("action":"delete","outcome":"not_done","reason":"the run ended before this change"}]})");
}

}  // namespace
}  // namespace bqconn::output
