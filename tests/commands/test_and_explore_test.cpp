#include <gtest/gtest.h>

#include "bqconn/json/parse.hpp"
#include "support/one_run.hpp"
#include "support/samples.hpp"

namespace bqconn::commands {
namespace {

using tests::OneRun;

constexpr const char* one_item = R"({"items":[{"id":"a","etag":"\"1\"","name":"n"}]})";
constexpr const char* yes = R"({"result":true})";
constexpr const char* no = R"({"result":false})";

TEST(Test, TrueAndFalse) {
    for (const auto& [form, wanted] : std::vector<std::pair<std::string, std::string>>{
             {"json", "{\"id\":\"a\",\"result\":true}\n"},
             {"id", "a\n"},
             {"text", "Connection a works.\n"}}) {
        OneRun run({"test", "a", "-o", form});
        run.set_everything();
        run.transport.answer(200, one_item);
        run.transport.answer(200, yes);
        EXPECT_EQ(run(), 0);
        EXPECT_EQ(run.out.str(), wanted);
    }
    OneRun run({"test", "a"});
    run.set_everything();
    run.transport.answer(200, one_item);
    run.transport.answer(200, no);
    EXPECT_EQ(run(), 5);
    EXPECT_EQ(run.out.str(), "");
    EXPECT_NE(run.err.str().find("rejected.test_failed"), std::string::npos);
    EXPECT_NE(run.err.str().find("--rotate"), std::string::npos) << "the next command";
}

TEST(Test, WaitsUntilItIsTrue) {
    OneRun run({"test", "a", "--wait"});
    run.set_everything();
    run.transport.answer(200, one_item);
    run.transport.answer(200, no);
    run.transport.answer(200, no);
    run.transport.answer(200, yes);
    EXPECT_EQ(run(), 0);
    EXPECT_EQ(run.waited, std::chrono::seconds(3));
}

TEST(Test, WaitsNoLongerThanItsTime) {
    OneRun run({"test", "a", "--wait", "--timeout", "5"});
    run.set_everything();
    run.transport.answer(200, one_item);
    for (int i = 0; i < 4; ++i) {
        run.transport.answer(200, no);
    }
    EXPECT_EQ(run(), 5);
    EXPECT_EQ(run.waited, std::chrono::seconds(5)) << "and no shorter";
}

TEST(Test, AStoppedWaitIsASignal) {
    OneRun run({"test", "a", "--wait"});
    run.set_everything();
    run.signal = 2;
    run.transport.answer(200, one_item);
    run.transport.answer(200, no);
    EXPECT_EQ(run(), 130);
}

void create_and_test(OneRun& run, const char* result) {
    run.set_everything();
    run.transport.answer(201, tests::created_body);
    run.transport.answer(200, result);
}

TEST(CreateTest, TrueIsAPlainSuccess) {
    OneRun run({"create", "--test"});
    create_and_test(run, yes);
    EXPECT_EQ(run(), 0);
    EXPECT_NE(run.out.str().find(R"("outcome":"created")"), std::string::npos);
}

TEST(CreateTest, FalseDeletesAgain) {
    OneRun run({"create", "--test"});
    create_and_test(run, no);
    run.transport.answer(204, "");
    EXPECT_EQ(run(), 5);
    EXPECT_EQ(run.out.str(), "");
    EXPECT_NE(run.err.str().find("the connection was deleted"), std::string::npos) << run.err.str();
    EXPECT_EQ(run.transport.requests()[2].method, http::Method::del);
}

TEST(CreateTest, WhatIsKeptIsSaid) {
    OneRun keep({"create", "--test", "--keep-on-failure"});
    create_and_test(keep, no);
    EXPECT_EQ(keep(), 5);
    EXPECT_NE(keep.err.str().find("was kept"), std::string::npos) << keep.err.str();
    OneRun cannot({"create", "--test"});
    create_and_test(cannot, no);
    cannot.transport.answer(403, "");
    EXPECT_EQ(cannot(), 11) << "it was created, and is there";
    EXPECT_NE(cannot.err.str().find("could not be deleted"), std::string::npos);
    OneRun untested({"create", "--test"});
    untested.set_everything();
    untested.transport.answer(201, tests::created_body);
    untested.transport.answer(404, "");
    EXPECT_EQ(untested(), 11) << "6 would say that nothing was created";
    EXPECT_NE(untested.err.str().find("was created and kept"), std::string::npos);
    EXPECT_NE(untested.err.str().find("6990abad-977d-41b9-a85d-17ea8cf1c0e4"), std::string::npos);
}

TEST(CreateTest, WhatExistedBeforeIsNotDeleted) {
    OneRun run({"create", "--test", "--if-exists", "reuse", "--name", "n"});
    run.set_everything();
    run.transport.answer(200, one_item);
    run.transport.answer(200, no);
    EXPECT_EQ(run(), 5);
    EXPECT_NE(run.err.str().find("because it already existed"), std::string::npos) << run.err.str();
}

TEST(CreateTest, AStoppedDeleteDoesNotDenyTheCreate) {
    OneRun run({"create", "--test", "-o", "text"});
    create_and_test(run, no);
    run.signal = 15;
    run.transport.fail(http::Sent::maybe, "interrupted");
    EXPECT_EQ(run(), 143);
    EXPECT_NE(run.err.str().find("was created"), std::string::npos) << run.err.str();
    EXPECT_NE(run.err.str().find("6990abad-977d-41b9-a85d-17ea8cf1c0e4"), std::string::npos);
    EXPECT_EQ(run.err.str().find("nothing was created"), std::string::npos);
}

TEST(CreateTest, AStoppedTestDoesNotDenyTheCreate) {
    OneRun run({"create", "--test", "-o", "text"});
    run.set_everything();
    run.signal = 2;
    run.transport.answer(201, tests::created_body);
    run.transport.fail(http::Sent::maybe, "interrupted");
    EXPECT_EQ(run(), 130);
    EXPECT_NE(run.err.str().find("was created and kept"), std::string::npos) << run.err.str();
}

constexpr const char* tables =
    R"([{"type":"table","name":"ds.t","path":"ds.t","canPreview":true,"canFetchSchema":true}])";
constexpr const char* table =
    R"({"schema":{"columns":[{"name":"id","type":"integer"},{"name":"who","type":"string"}]},)"
    R"("data":[{"id":1,"who":"a \"b\""},{"id":null,"who":["x"]}]})";

TEST(Explore, TablesInTheirForms) {
    for (const auto& [form, wanted] : std::vector<std::pair<std::string, std::string>>{
             {"id", "ds.t\n"},
             {"text", "TABLE  TYPE   PREVIEW\nds.t   table  yes\n"},
             {"csv", "\"table\",\"type\",\"preview\"\n\"ds.t\",\"table\",\"yes\"\n"}}) {
        OneRun run({"explore", "a", "-o", form});
        run.set_everything();
        run.transport.answer(200, tables);
        EXPECT_EQ(run(), 0) << run.err.str();
        EXPECT_EQ(run.out.str(), wanted);
    }
    OneRun run({"explore", "a"});
    run.set_everything();
    run.transport.answer(200, tables);
    EXPECT_EQ(run(), 0);
    EXPECT_EQ(json::parse(run.out.str())[0]["path"], "ds.t");
}

TEST(Explore, ColumnsAndRowsInTheirForms) {
    struct Case {
        const char* form;
        bool preview;
        const char* wanted;
    };
    for (const Case& one :
         {Case{"id", false, "id\nwho\n"}, Case{"text", false, "COLUMN  TYPE\nid      integer\n"},
          Case{"csv", false, "\"column\",\"type\"\n\"id\",\"integer\"\n"},
          Case{"json", false, R"({"columns":[{"name":"id","type":"integer"})"},
          Case{"text", true, "id  who\n1   a \"b\"\n    [\"x\"]\n"},
          Case{"csv", true, "\"id\",\"who\"\n\"1\",\"a \"\"b\"\"\"\n\"\",\"[\"\"x\"\"]\"\n"}}) {
        OneRun run({"explore", "a", "ds.t", "-o", one.form});
        run.set_everything();
        if (one.preview) {
            run.args.emplace_back("--preview");
        }
        run.transport.answer(200, table);
        EXPECT_EQ(run(), 0) << run.err.str();
        EXPECT_TRUE(run.out.str().starts_with(one.wanted)) << run.out.str();
        EXPECT_EQ(run.transport.requests()[0].url.find("preview") != std::string::npos,
                  one.preview);
    }
}

TEST(Explore, ByNameTheTableComesFirst) {
    OneRun run({"explore", "--name", "n", "ds.t"});
    run.set_everything();
    run.transport.answer(200, one_item);
    run.transport.answer(200, table);
    EXPECT_EQ(run(), 0) << run.err.str();
    EXPECT_NE(run.transport.requests()[1].url.find("/connections/a/explore"), std::string::npos);
}

TEST(Explore, ATableThatIsNotThereIsNotTheConnection) {
    OneRun run({"explore", "a", "ds.nope", "-o", "text"});
    run.set_everything();
    run.transport.answer(404, R"({"errorMessage":"no such table"})");
    run.transport.answer(200, one_item);
    EXPECT_EQ(run(), 6);
    EXPECT_NE(run.err.str().find("no such table"), std::string::npos);
    EXPECT_NE(run.err.str().find("list the tables: bqconn explore a"), std::string::npos)
        << run.err.str();
}

TEST(Explore, WhatCannotBeAskedFor) {
    const std::vector<std::pair<std::vector<std::string>, const char*>> cases{
        {{"explore", "a", "--preview"}, "usage.missing_table"},
        {{"explore", "--name", "n", "a.b", "c"}, "usage.unexpected_argument"},
        {{"explore", "a", "two\nlines"}, "usage.invalid_value"},
        {{"explore"}, "usage.missing_id"}};
    for (const auto& [args, code] : cases) {
        OneRun run(args);
        run.set_everything();
        EXPECT_EQ(run(), 2);
        EXPECT_NE(run.err.str().find(code), std::string::npos) << run.err.str();
    }
}

}  // namespace
}  // namespace bqconn::commands
