// dataflow delete: what it deletes and keeps, in which order, and what it reports of each object.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "bqconn/json/parse.hpp"
#include "support/dataflow_documents.hpp"
#include "support/one_run.hpp"

namespace bqconn::commands {
namespace {

using json::Json;
using tests::flow_item;
using tests::items_of;
using tests::OneRun;

constexpr const char* empty_page = R"({"items":[]})";
constexpr const char* unknown_id =
    R"({"type":"https://ns.adobe.com/aep/errors/FLOW-1439-404","title":"Resource not found"})";

// The reads before a delete: the flow, its ends, and all flows of the sandbox.
void answer_reads(OneRun& run, const std::vector<Json>& all_flows) {
    run.transport.answer(200, tests::flow_document());
    run.transport.answer(200, tests::source_document);
    run.transport.answer(200, tests::target_document);
    run.transport.answer(200, items_of(all_flows));
}

// "flows/f", … of each DELETE.
std::vector<std::string> deleted(const OneRun& run) {
    std::vector<std::string> paths;
    for (const auto& request : run.transport.requests()) {
        if (request.method == http::Method::del) {
            const auto id = request.url.rfind('/');
            paths.push_back(request.url.substr(request.url.rfind('/', id - 1) + 1));
        }
    }
    return paths;
}

// {"dataflow f": "deleted", …}: the outcome of each object in the result.
Json outcomes(const OneRun& run) {
    Json found = Json::object();
    for (const auto& one : json::parse(run.out.str())) {
        found[one["kind"].get<std::string>() + " " + one["id"].get<std::string>()] = one["outcome"];
    }
    return found;
}

TEST(DataflowDelete, TheFlowThenWhatOnlyItUses) {
    OneRun run({"dataflow", "delete", "f", "--yes"});
    run.set_everything();
    answer_reads(run, {flow_item()});
    for (const int status : {204, 200, 204, 200}) {
        run.transport.answer(status, "");
    }
    EXPECT_EQ(run(), 0) << run.err.str();
    EXPECT_EQ(deleted(run), (std::vector<std::string>{"flows/f", "targetConnections/t",
                                                      "sourceConnections/s", "mappingSets/m"}));
    EXPECT_EQ(run.out.str(),
              R"([{"kind":"dataflow","id":"f","name":"Orders","outcome":"deleted"},)"
              R"({"kind":"target connection","id":"t","name":"Orders","outcome":"deleted"},)"
              R"({"kind":"source connection","id":"s","name":"Orders","outcome":"deleted"},)"
              R"({"kind":"mapping set","id":"m","name":"Orders","outcome":"deleted"}])"
              "\n");
    for (const char* const shown :
         {", table shop.orders of connection", ", dataset d", "To delete: mapping set m"}) {
        EXPECT_NE(run.err.str().find(shown), std::string::npos) << run.err.str();
    }
}

TEST(DataflowDelete, WhatAnotherDataflowUsesStays) {
    Json other = flow_item("g", {{"sourceConnectionIds", {"s"}}, {"targetConnectionIds", {"x"}}});
    Json of_another_source = flow_item("h", {{"sourceConnectionIds", {"y"}},
                                             {"targetConnectionIds", {"t"}},
                                             {"flowSpec", {{"id", "another"}}}});
    of_another_source["transformations"] = Json::array();
    OneRun run({"dataflow", "delete", "f", "--yes"});
    run.set_everything();
    answer_reads(run, {flow_item(), other, of_another_source});
    run.transport.answer(204, "");
    EXPECT_EQ(run(), 0) << run.err.str();
    EXPECT_EQ(deleted(run), std::vector<std::string>{"flows/f"});
    EXPECT_EQ(outcomes(run), json::parse(R"({"dataflow f":"deleted","target connection t":"kept",
        "source connection s":"kept","mapping set m":"kept"})"));
    EXPECT_NE(run.out.str().find(R"("reason":"used by dataflow g")"), std::string::npos);
    const auto all = std::find_if(
        run.transport.requests().begin(), run.transport.requests().end(),
        [](const auto& request) { return request.url.find("/flows?") != std::string::npos; });
    ASSERT_NE(all, run.transport.requests().end());
    EXPECT_EQ(all->url.find("flowSpec"), std::string::npos) << "of any source";
}

TEST(DataflowDelete, WhatTwoShareGoesOnceWithTheLast) {
    OneRun run({"dataflow", "delete", "f", "g", "f", "--yes"});
    run.set_everything();
    for (const char* const id : {"f", "g"}) {
        run.transport.answer(200, items_of({flow_item(id)}));
        run.transport.answer(200, tests::source_document);
        run.transport.answer(200, tests::target_document);
    }
    run.transport.answer(200, items_of({flow_item("f"), flow_item("g")}));
    for (int i = 0; i < 5; ++i) {
        run.transport.answer(204, "");
    }
    EXPECT_EQ(run(), 0) << run.err.str();
    EXPECT_EQ(deleted(run), (std::vector<std::string>{"flows/f", "flows/g", "targetConnections/t",
                                                      "sourceConnections/s", "mappingSets/m"}));
}

TEST(DataflowDelete, IfAFlowStaysSoDoesWhatItUses) {
    OneRun alone({"dataflow", "delete", "f", "--yes"});
    alone.set_everything();
    answer_reads(alone, {flow_item()});
    alone.transport.answer(403, "");
    EXPECT_EQ(alone(), 4) << alone.err.str();
    EXPECT_EQ(alone.out.str(), "");
    EXPECT_EQ(deleted(alone), std::vector<std::string>{"flows/f"});
    EXPECT_NE(alone.err.str().find("mapping set m: kept: dataflow f was not deleted"),
              std::string::npos)
        << alone.err.str();
}

TEST(DataflowDelete, ALostDeleteOfTheFlow) {
    struct Case {
        bool recovers;
        bool is_gone;
        int exit_code;
    };
    for (const auto& one :
         std::vector<Case>{{false, false, 10}, {true, false, 10}, {true, true, 0}}) {
        OneRun run({"dataflow", "delete", "f", "--yes", "-q"});
        run.set_everything();
        if (!one.recovers) {
            run.args.emplace_back("--no-recover");
        }
        answer_reads(run, {flow_item()});
        run.transport.fail(http::Sent::maybe);
        if (one.is_gone) {
            run.transport.answer(404, unknown_id);
            for (int parts = 3; parts > 0; --parts) {
                run.transport.answer(204, "");
            }
        } else if (one.recovers) {
            for (int looks = 3; looks > 0; --looks) {
                run.transport.answer(200, tests::flow_document());
            }
        }
        EXPECT_EQ(run(), one.exit_code) << run.err.str();
        if (one.is_gone) {
            EXPECT_EQ(outcomes(run)["dataflow f"], "recovered");
            EXPECT_EQ(deleted(run).size(), 4U);
        } else {
            EXPECT_EQ(run.out.str(), "");
            EXPECT_EQ(deleted(run), std::vector<std::string>{"flows/f"});
            EXPECT_NE(run.err.str().find("mapping set m: kept: dataflow f may still exist"),
                      std::string::npos)
                << run.err.str();
        }
    }
}

TEST(DataflowDelete, APartThatStaysIsPartial) {
    struct Case {
        int status;
        const char* body;
        bool exists;  // is looked for after a 400 or 404
        const char* outcome;
        int exit_code;
    };
    for (const auto& one : std::vector<Case>{
             {400, R"({"type":"x/FLOW-1447-400","title":"in use"})", true, "failed", 11},
             {400, "", false, "absent", 0},
             {404, unknown_id, false, "absent", 0},
             {403, "", true, "failed", 11}}) {
        OneRun run({"dataflow", "delete", "f", "--yes"});
        run.set_everything();
        answer_reads(run, {flow_item()});
        run.transport.answer(204, "");
        run.transport.answer(one.status, one.body);
        if (one.status != 403) {
            run.transport.answer(one.exists ? 200 : 404,
                                 one.exists ? tests::target_document : unknown_id);
        }
        run.transport.answer(204, "");
        run.transport.answer(204, "");
        EXPECT_EQ(run(), one.exit_code) << run.err.str();
        EXPECT_EQ(outcomes(run)["target connection t"], one.outcome) << one.status;
        EXPECT_EQ(outcomes(run)["mapping set m"], "deleted") << "the others go";
        EXPECT_EQ(run.err.str().find("bqconn dataflow delete --leftovers --name 'Orders'") ==
                      std::string::npos,
                  one.exit_code == 0)
            << run.err.str();
    }
}

TEST(DataflowDelete, AStoppedRunLeavesTheRest) {
    OneRun run({"dataflow", "delete", "f", "--yes", "-o", "text"});
    run.set_everything();
    run.signal = 15;
    answer_reads(run, {flow_item()});
    run.transport.answer(204, "");
    run.transport.fail(http::Sent::maybe, "interrupted");
    EXPECT_EQ(run(), 143);
    EXPECT_EQ(run.out.str(),
              "Deleted dataflow f\nMay or may not have been deleted: target connection t\n"
              "Not deleted: source connection s\nNot deleted: mapping set m\n");
}

TEST(DataflowDelete, EndsThatAreGoneAreNotDeletedAgain) {
    OneRun run({"dataflow", "delete", "f", "--yes", "-o", "text"});
    run.set_everything();
    run.transport.answer(200, tests::flow_document());
    run.transport.answer(404, unknown_id);
    run.transport.answer(200, tests::target_document);
    run.transport.answer(200, items_of({flow_item()}));
    for (int i = 0; i < 3; ++i) {
        run.transport.answer(204, "");
    }
    EXPECT_EQ(run(), 0) << run.err.str();
    EXPECT_EQ(run.out.str(),
              "Deleted dataflow f\nDeleted target connection t\n"
              "Not found: source connection s\nDeleted mapping set m\n");
}

TEST(DataflowDelete, AsksAndTakesNo) {
    for (const bool yes : {true, false}) {
        OneRun run({"dataflow", "delete", "f", "-o", "text"});
        run.set_everything();
        run.err_is_terminal = run.in_is_terminal = true;
        run.in.str(yes ? "y\n" : "n\n");
        answer_reads(run, {flow_item()});
        for (int i = yes ? 4 : 0; i > 0; --i) {
            run.transport.answer(204, "");
        }
        EXPECT_EQ(run(), 0) << run.err.str();
        EXPECT_NE(run.err.str().find("Delete these 4 objects? [y/N]"), std::string::npos);
        EXPECT_EQ(run.out.str().starts_with(yes ? "Deleted dataflow f" : "Not deleted: dataflow f"),
                  true)
            << run.out.str();
    }
    OneRun nobody({"dataflow", "delete", "f"});
    nobody.set_everything();
    answer_reads(nobody, {flow_item()});
    EXPECT_EQ(nobody(), 2);
    EXPECT_NE(nobody.err.str().find("usage.needs_yes"), std::string::npos);
}

TEST(DataflowDelete, ADryRunShowsTheRequests) {
    OneRun run({"dataflow", "delete", "f", "--dry-run"});
    run.set_everything();
    answer_reads(run, {flow_item(), flow_item("g", {{"sourceConnectionIds", {"s2"}},
                                                    {"targetConnectionIds", {"t2"}}})});
    EXPECT_EQ(run(), 0) << run.err.str();
    std::vector<std::string> urls;
    for (const auto& request : json::parse(run.out.str())) {
        EXPECT_EQ(request["method"], "DELETE");
        urls.push_back(request["url"].get<std::string>());
    }
    ASSERT_EQ(urls.size(), 3U) << "without the mapping set, which g uses";
    EXPECT_TRUE(urls[0].ends_with("/flows/f"));
    EXPECT_TRUE(urls[2].ends_with("/sourceConnections/s"));
}

TEST(DataflowDelete, AbsentIsFineOnlyIfAsked) {
    for (const bool fine : {false, true}) {
        OneRun by_id({"dataflow", "delete", "f", "--yes"});
        OneRun by_name({"dataflow", "delete", "--name", "Orders", "--yes"});
        for (OneRun* const run : {&by_id, &by_name}) {
            run->set_everything();
            if (fine) {
                run->args.emplace_back("--if-exists");
            }
        }
        by_id.transport.answer(404, unknown_id);
        EXPECT_EQ(by_id(), fine ? 0 : 6) << by_id.err.str();
        by_name.transport.answer(200, empty_page);  // no flow of that name
        by_name.transport.answer(200, empty_page);  // none of a similar name
        EXPECT_EQ(by_name(), fine ? 0 : 6) << by_name.err.str();
        if (fine) {
            EXPECT_EQ(by_name.out.str(),
                      R"([{"kind":"dataflow","id":"","name":"Orders","outcome":"absent"}])"
                      "\n");
        }
    }
}

// Its parts keep the name under which they were created.
TEST(DataflowDelete, OfARenamedDataflow) {
    OneRun run({"dataflow", "delete", "f", "--dry-run"});
    run.set_everything();
    Json renamed = json::parse(tests::flow_document());
    renamed["items"][0]["name"] = "New";
    run.transport.answer(200, renamed.dump());
    run.transport.answer(200, tests::source_document);
    run.transport.answer(200, tests::target_document);
    run.transport.answer(200, items_of({flow_item()}));
    EXPECT_EQ(run(), 0) << run.err.str();
    EXPECT_NE(run.err.str().find(R"(To delete: mapping set m \"Orders\")"), std::string::npos)
        << run.err.str();
}

// The leftovers of an interrupted create: unused objects with that name.
TEST(DataflowDelete, LeftoversByName) {
    OneRun run({"dataflow", "delete", "--leftovers", "--name", "Orders", "--yes"});
    run.set_everything();
    run.transport.answer(200, R"({"items":[{"id":"s1","name":"Orders"},)"
                              R"({"id":"s2","name":"Orders"}]})");
    run.transport.answer(200, R"({"items":[{"id":"t1","name":"Orders"},)"
                              R"({"id":"t2","name":"Orders 2"}]})");
    run.transport.answer(200,
                         R"({"data":[{"id":"m1","name":"Orders"},{"id":"m","name":"Orders"}]})");
    run.transport.answer(
        200, items_of({flow_item("g", {{"name", "Renamed"}, {"sourceConnectionIds", {"s2"}}})}));
    for (int i = 0; i < 3; ++i) {
        run.transport.answer(204, "");
    }
    EXPECT_EQ(run(), 0) << run.err.str();
    EXPECT_EQ(deleted(run), (std::vector<std::string>{"targetConnections/t1",
                                                      "sourceConnections/s1", "mappingSets/m1"}));
}

// A hidden dataflow may use them all, but the service refuses to delete only the connections.
TEST(DataflowDelete, AMappingSetStaysIfAConnectionOfItsNameIsInUse) {
    OneRun run({"dataflow", "delete", "--leftovers", "--name", "Orders", "--yes"});
    run.set_everything();
    run.transport.answer(200, R"({"items":[{"id":"s","name":"Orders"}]})");
    run.transport.answer(200, empty_page);
    run.transport.answer(200, R"({"data":[{"id":"m","name":"Orders"}]})");
    run.transport.answer(200, items_of({}));
    run.transport.answer(400, R"({"type":"https://ns.adobe.com/aep/errors/FLOW-1447-400"})");
    run.transport.answer(200, R"({"items":[{"id":"s"}]})");
    EXPECT_EQ(run(), 5) << run.err.str();
    EXPECT_EQ(deleted(run), std::vector<std::string>{"sourceConnections/s"});
}

TEST(DataflowDelete, ByNameAndSeveralOfThatName) {
    OneRun run({"dataflow", "delete", "--name", "Orders", "--yes", "-o", "id"});
    run.set_everything();
    run.transport.answer(200, items_of({flow_item()}));
    answer_reads(run, {flow_item()});
    for (int i = 0; i < 4; ++i) {
        run.transport.answer(204, "");
    }
    EXPECT_EQ(run(), 0) << run.err.str();
    EXPECT_EQ(run.out.str(), "f\nt\ns\nm\n");
    OneRun several({"dataflow", "delete", "--name", "Orders", "--yes"});
    several.set_everything();
    several.transport.answer(200, items_of({flow_item("f"), flow_item("g")}));
    EXPECT_EQ(several(), 7) << several.err.str();
}

}  // namespace
}  // namespace bqconn::commands
