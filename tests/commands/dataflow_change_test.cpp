// dataflow enable, disable, update, run and retry: what they send, and what they report if a call
// is refused or its response is lost.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "bqconn/json/parse.hpp"
#include "support/dataflow_documents.hpp"
#include "support/one_run.hpp"
#include "support/temporary_file.hpp"

namespace bqconn::commands {
namespace {

using json::Json;
using tests::flow_document;
using tests::OneRun;

constexpr const char* stored_flow = R"({"id":"f","etag":"\"2\""})";
constexpr const char* refusal =
    R"({"type":"https://ns.adobe.com/aep/errors/FLOW-1422-400","title":"Action not possible"})";
const Json no_other_source = {{"flowSpec", {{"id", "another"}}}};
const Json runs_once = {{"scheduleParams", {{"frequency", "once"}, {"startTime", 1}}}};

const http::Request& last_request(const OneRun& run) {
    return run.transport.requests().back();
}

std::string path_of(const http::Request& request) {
    const auto start = request.url.find("/data/foundation/");
    return std::string(name_of(request.method)) + " " +
           request.url.substr(std::min(start, request.url.size()));
}

constexpr const char* table_document =
    R"({"format":"flat","schema":{"columns":[{"name":"id","type":"string",)"
    R"("xdm":{"type":"string"}},{"name":"changed","type":"string",)"
    R"("xdm":{"type":"string","format":"date-time"}},{"name":"unread","xdm":{"type":"string"}}]}})";
constexpr const char* schema_document =
    R"({"$id":"https://ns.adobe.com/acme/schemas/1","title":"Orders","version":"1.0",)"
    R"("type":"object","properties":{"orderId":{"type":"string"},"city":{"type":"string"}}})";
constexpr const char* valid = R"({"validationResponse":[{"status":"SUCCESS"}]})";

// --- create

constexpr const char* dataset_id = "0123456789abcdef01234567";

// A create of f, the table's columns to be answered as `table`.
void answer_create_reads(OneRun& run, const std::string& table = table_document,
                         const std::string& dataset_name = "Orders",
                         const std::string& sources = tests::items_of({})) {
    run.args = {"dataflow",    "create", "b",        "--table",
                "shop.orders", "--into", dataset_id, "--once"};
    run.set_everything();
    run.transport.answer(200, R"({"items":[{"id":"b","etag":"\"1\"","name":"n"}]})");
    run.transport.answer(200, table);
    run.transport.answer(200,
                         Json{{dataset_id,
                               {{"name", dataset_name},
                                {"schemaRef", {{"id", "https://ns.adobe.com/acme/schemas/1"}}}}}}
                             .dump());
    run.transport.answer(200, schema_document);
    run.transport.answer(
        200, tests::items_of({{{"sourceConnectionSpecIds", {connection::bigquery_spec_id}}}}));
    run.transport.answer(200, sources);
}

std::string filter_on(const std::string& name, const std::string& value) {
    return R"({"type":"PQL","format":"pql/json","value":{"nodeType":"fnApply","fnName":"=","params":[)"
           R"({"nodeType":"fieldLookup","fieldName":)" +
           name + R"(},{"nodeType":"literal","value":)" + value + "}]}}";
}

TEST(DataflowCreate, ConflictingFlagsAreOneProblem) {
    struct Case {
        std::vector<std::string> args;
        const char* problem;
    };
    for (const auto& one : std::vector<Case>{
             {{"--once", "--every", "1d"}, "--every and --once cannot be combined"},
             {{"--once", "--every", "1d", "--delta", "at"},
              "--every and --once cannot be combined"},
             {{"--every", "1d"},
              "--delta is missing: name the column by which each run finds new rows"},
             {{}, "--every or --once is missing: set how often it runs"},
             {{"--delta", "at"}, "--every or --once is missing: set how often it runs"},
             {{"--once", "--delta", "at"},
              "--delta cannot be combined with --once, which copies all rows"},
             {{"--once", "--no-backfill"},
              "--no-backfill cannot be combined with --once, which copies all rows"}}) {
        OneRun run({"dataflow", "create", "b", "--table", "t", "--into", "d", "--map", "a=b"});
        run.args.insert(run.args.end(), one.args.begin(), one.args.end());
        run.set_everything();
        EXPECT_EQ(run(), 2);
        EXPECT_EQ(json::parse(run.err.str())["error"]["message"],
                  std::string("the dataflow cannot be created: ") + one.problem);
    }
}

TEST(DataflowCreate, ATableWithoutColumnsIsAProblem) {
    OneRun run({});
    answer_create_reads(run, R"({"format":"flat","schema":{"columns":[]}})");
    run.args.insert(run.args.end(), {"--map", "nothing=nowhere"});
    EXPECT_EQ(run(), 2) << run.err.str();
    EXPECT_NE(run.err.str().find("--table: the service reports no columns for shop.orders"),
              std::string::npos)
        << run.err.str();
    EXPECT_EQ(last_request(run).method, http::Method::get) << "nothing was sent";
}

TEST(DataflowCreate, ASecretInAFilterIsRefused) {
    const std::string secret = std::string("GOC") + "SPX-made-up-secret-1";
    for (const auto& filter :
         {filter_on("\"id\"", "\"" + secret + "\""), filter_on("\"" + secret + "\"", "1"),
          filter_on("\"id\"", R"("x made-up-access-token")")}) {
        const test::TemporaryFile file(filter);
        OneRun run({});
        answer_create_reads(run);
        run.args.insert(run.args.end(), {"--map", "id=orderId", "--filter", file.path()});
        EXPECT_EQ(run(), 3) << run.err.str();
        EXPECT_NE(run.err.str().find(file.path() + " contains "), std::string::npos)
            << run.err.str();
        EXPECT_EQ(run.err.str().find("made-up"), std::string::npos) << run.err.str();
    }
}

TEST(DataflowCreate, ADefaultNameThatNameWouldRefuse) {
    const std::string secret = std::string("GOC") + "SPX-made-up-secret-1";
    for (const auto& [dataset, words] : std::vector<std::pair<std::string, std::string>>{
             {"Orders ",
              R"(the default name \"shop.orders to Orders \" cannot be used because it begins or )"
              "ends with a space"},
             {"Or\tders", "cannot be used because it contains"},
             {secret,
              "the default name (not shown: it may be a secret) cannot be used because it "
              "contains a Google client secret"}}) {
        OneRun run({});
        answer_create_reads(run, table_document, dataset);
        run.args.insert(run.args.end(), {"--map", "id=orderId"});
        EXPECT_EQ(run(), 2) << run.err.str();
        EXPECT_NE(run.err.str().find("--name is missing: "), std::string::npos) << run.err.str();
        EXPECT_NE(run.err.str().find(words), std::string::npos) << run.err.str();
    }
}

TEST(DataflowCreate, AFilterThatCannotBeSent) {
    struct Case {
        std::string filter;
        int exit_code;
        const char* words;
    };
    for (const auto& one : std::vector<Case>{
             {"", 3, ": is empty"},
             {"{\n\"type\":}", 3, ":2: is not valid JSON"},
             {"{}", 3, R"(: must be an object with \"type\": \"PQL\")"},
             {filter_on("\"id\"", "-18446744073709551616"), 3,
              ": has a number that does not fit in 64 bits"},
             {filter_on("1", "18446744073709551615"), 2, "--filter: fieldName must be a string"}}) {
        const test::TemporaryFile file(one.filter);
        OneRun run({});
        answer_create_reads(run);
        run.args.insert(run.args.end(), {"--map", "id=orderId", "--filter", file.path()});
        EXPECT_EQ(run(), one.exit_code) << run.err.str();
        const std::string place = one.exit_code == 3 ? file.path() : "";
        EXPECT_NE(run.err.str().find(place + one.words), std::string::npos) << run.err.str();
    }
}

TEST(DataflowCreate, ADisabledDataflowIsNotWaitedFor) {
    OneRun run({});
    answer_create_reads(run, table_document, "Orders", tests::source_document);
    run.args.insert(run.args.end(), {"--map", "id=orderId", "--if-exists", "reuse", "--wait"});
    const std::string flow = flow_document({{"state", "disabled"}});
    run.transport.answer(200, flow);
    run.transport.answer(200, valid);
    run.transport.answer(200,
                         tests::items_of({{{"id", "t"}, {"params", {{"dataSetId", dataset_id}}}}}));
    run.transport.answer(200, flow);
    EXPECT_EQ(run(), 11) << run.err.str();
    EXPECT_NE(run.err.str().find(R"("hint":"enable it: bqconn dataflow enable f")"),
              std::string::npos)
        << run.err.str();
}

// --- enable and disable

TEST(DataflowEnable, OnePostOfTheAction) {
    for (const auto& [verb, state] : std::vector<std::pair<std::string, std::string>>{
             {"enable", "disabled"}, {"disable", "enabled"}, {"enable", "draft"}}) {
        OneRun run({"dataflow", verb, "f"});
        run.set_everything();
        run.transport.answer(200, flow_document({{"state", state}}));
        run.transport.answer(200, stored_flow);
        EXPECT_EQ(run(), 0) << run.err.str();
        EXPECT_EQ(path_of(last_request(run)),
                  "POST /data/foundation/flowservice/flows/f/action?op=" + verb);
        EXPECT_EQ(last_request(run).body.reveal(), "");
        EXPECT_EQ(run.out.str(), R"({"id":"f","name":"Orders","sandboxName":"prod",)"
                                 R"("outcome":"updated"})"
                                 "\n");
    }
}

TEST(DataflowEnable, NothingIsSentIfItIsInThatStateOrOnItsWay) {
    for (const auto& [verb, state] :
         std::vector<std::pair<std::string, std::string>>{{"enable", "enabled"},
                                                          {"enable", "enabling"},
                                                          {"disable", "disabled"},
                                                          {"disable", "disabling"}}) {
        for (const bool dry : {false, true}) {
            OneRun run({"dataflow", verb, "f"});
            run.set_everything();
            if (dry) {
                run.args.emplace_back("--dry-run");
            }
            run.transport.answer(200, flow_document({{"state", state}}));
            EXPECT_EQ(run(), 0) << run.err.str();
            EXPECT_EQ(run.transport.requests().size(), 1U);
            EXPECT_EQ(run.out.str(), dry ? "[]\n"
                                         : R"({"id":"f","name":"Orders","sandboxName":"prod",)"
                                           R"("state":")" +
                                               state +
                                               R"(","outcome":"existing"})"
                                               "\n");
        }
    }
}

TEST(DataflowEnable, ADryRunShowsTheRequest) {
    OneRun run({"dataflow", "disable", "f", "--dry-run"});
    run.set_everything();
    run.transport.answer(200, flow_document());
    EXPECT_EQ(run(), 0) << run.err.str();
    const Json shown = json::parse(run.out.str());
    ASSERT_EQ(shown.size(), 1U);
    EXPECT_EQ(shown[0]["method"], "POST");
    EXPECT_EQ(shown[0]["body"], nullptr);
}

TEST(DataflowEnable, RefusedOrLost) {
    for (const auto& [status, exit_code] :
         std::vector<std::pair<int, int>>{{400, 5}, {403, 4}, {500, 10}, {0, 10}}) {
        OneRun run({"dataflow", "enable", "f", "--wait"});
        run.set_everything();
        run.transport.answer(200, flow_document({{"state", "disabled"}}));
        if (status == 0) {
            run.transport.fail(http::Sent::maybe);
        } else {
            run.transport.answer(status, status == 400 ? refusal : "");
        }
        EXPECT_EQ(run(), exit_code) << run.err.str();
        EXPECT_EQ(run.out.str(), "") << "no false success";
        EXPECT_EQ(run.transport.requests().size(), 2U) << "it is sent once";
    }
}

TEST(DataflowEnable, WaitsForTheState) {
    OneRun run({"dataflow", "enable", "f", "--wait"});
    run.set_everything();
    run.transport.answer(200, flow_document({{"state", "disabled"}}));
    run.transport.answer(200, stored_flow);
    run.transport.answer(200, flow_document({{"state", "enabling"}}));
    run.transport.answer(200, flow_document());
    EXPECT_EQ(run(), 0) << run.err.str();
    EXPECT_EQ(json::parse(run.out.str())["state"], "enabled");
}

TEST(DataflowEnable, AnUnfinishedWaitSaysThatItWasEnabled) {
    for (const bool interrupted : {false, true}) {
        OneRun run({"dataflow", "enable", "f", "--wait", "--wait-timeout", "1s"});
        run.set_everything();
        run.signal = interrupted ? 15 : 0;
        run.transport.answer(200, flow_document({{"state", "disabled"}}));
        run.transport.answer(200, stored_flow);
        for (int reads = interrupted ? 1 : 3; reads > 0; --reads) {
            run.transport.answer(200, flow_document({{"state", "enabling"}}));
        }
        EXPECT_EQ(run(), interrupted ? 143 : 8) << run.err.str();
        EXPECT_NE(run.out.str().find(R"("outcome":"updated")"), std::string::npos);
        EXPECT_NE(run.err.str().find(interrupted ? "the dataflow f was enabled, but waiting ended"
                                                 : "--wait-timeout expired"),
                  std::string::npos)
            << run.err.str();
    }
}

TEST(DataflowChange, AnotherSourceIsRefused) {
    for (const auto& args :
         std::vector<std::vector<std::string>>{{"enable", "f"},
                                               {"update", "f", "--new-name", "x"},
                                               {"run", "f"},
                                               {"delete", "f", "--yes"}}) {
        OneRun run({"dataflow"});
        run.args.insert(run.args.end(), args.begin(), args.end());
        run.set_everything();
        run.transport.answer(200, flow_document(no_other_source));
        EXPECT_EQ(run(), 2) << run.err.str();
        EXPECT_NE(run.err.str().find("usage.other_source"), std::string::npos) << run.err.str();
    }
}

// --- update

void answer_mapping_reads(OneRun& run, const Json& changes = Json::object()) {
    run.transport.answer(200, flow_document(changes));
    run.transport.answer(200, tests::source_document);
    run.transport.answer(200, table_document);
    run.transport.answer(200, tests::target_document);
    run.transport.answer(200, schema_document);
}

TEST(DataflowUpdate, OnePatchForEverything) {
    OneRun run({"dataflow", "update", "f", "--new-name", "New", "--description", "d", "--every",
                "2d", "--partial", "5", "--map", "id=orderId"});
    run.set_everything();
    answer_mapping_reads(run);
    run.transport.answer(200, valid);
    run.transport.answer(200, R"({"id":"m2","version":3})");
    run.transport.answer(200, stored_flow);
    EXPECT_EQ(run(), 0) << run.err.str();
    const auto& requests = run.transport.requests();
    ASSERT_EQ(requests.size(), 8U);
    EXPECT_EQ(path_of(requests[5]), "POST /data/foundation/conversion/mappingSets/validate");
    EXPECT_EQ(path_of(requests[6]), "POST /data/foundation/conversion/mappingSets");
    EXPECT_EQ(json::parse(requests[6].body.reveal())["name"], "New");
    EXPECT_EQ(path_of(requests[7]), "PATCH /data/foundation/flowservice/flows/f");
    EXPECT_EQ(tests::header_of(requests[7], "If-Match"), "\"1\"");
    EXPECT_EQ(json::parse(requests[7].body.reveal()), json::parse(R"([
        {"op":"replace","path":"/name","value":"New"},
        {"op":"add","path":"/description","value":"d"},
        {"op":"replace","path":"/scheduleParams/frequency","value":"day"},
        {"op":"replace","path":"/scheduleParams/interval","value":2},
        {"op":"add","path":"/options",
         "value":{"errorDiagnosticsEnabled":true,"partialIngestionPercent":5.0}},
        {"op":"replace","path":"/transformations/1",
         "value":{"name":"Mapping","params":{"mappingId":"m2","mappingVersion":3}}}])"));
    EXPECT_EQ(run.out.str(), R"({"id":"f","etag":"\"2\"","name":"New","sandboxName":"prod",)"
                             R"("mappingSetId":"m2","previousMappingSetId":"m",)"
                             R"("outcome":"updated"})"
                             "\n");
    EXPECT_NE(run.err.str().find("This dataflow no longer uses the mapping set m"),
              std::string::npos);
}

TEST(DataflowUpdate, TheMappingIsFoundByItsName) {
    const Json mapping = {{"name", "Mapping"}, {"params", {{"mappingId", "m"}}}};
    const Json copy = {{"name", "Copy"}};
    for (const auto& [transformations, path] : std::vector<std::pair<Json, std::string>>{
             {Json{mapping, copy}, "/transformations/0"},
             {Json{copy, {{"name", "Other"}}, mapping}, "/transformations/2"}}) {
        OneRun run({"dataflow", "update", "f", "--map", "id=orderId"});
        run.set_everything();
        answer_mapping_reads(run, {{"transformations", transformations}});
        run.transport.answer(200, valid);
        run.transport.answer(200, R"({"id":"m2","version":0})");
        run.transport.answer(200, stored_flow);
        EXPECT_EQ(run(), 0) << run.err.str();
        EXPECT_EQ(json::parse(last_request(run).body.reveal())[0]["path"], path);
    }
    OneRun none({"dataflow", "update", "f", "--map", "id=orderId"});
    none.set_everything();
    none.transport.answer(200, flow_document({{"transformations", Json::array({copy})}}));
    EXPECT_EQ(none(), 7);
    EXPECT_NE(none.err.str().find("conflict.no_mapping"), std::string::npos) << none.err.str();
}

TEST(DataflowUpdate, SendsOnlyWhatChanges) {
    OneRun run({"dataflow", "update", "f", "--every", "1d", "--partial", "10", "--if-match", "0"});
    run.set_everything();
    run.transport.answer(200, flow_document({{"options", {{"own", 1}}}}));
    run.transport.answer(200, stored_flow);
    EXPECT_EQ(run(), 0) << run.err.str();
    EXPECT_EQ(tests::header_of(last_request(run), "If-Match"), "0");
    EXPECT_EQ(json::parse(last_request(run).body.reveal()), json::parse(R"([
        {"op":"replace","path":"/scheduleParams/frequency","value":"day"},
        {"op":"replace","path":"/options","value":{"own":1,"errorDiagnosticsEnabled":true,
         "partialIngestionPercent":10.0}}])"));
}

TEST(DataflowUpdate, OneMessageNamesAllThatIsWrongWithTheMapping) {
    OneRun run({"dataflow", "update", "f", "--map", "idd=orderId", "--map", "unread=city", "--map",
                "id=town"});
    run.set_everything();
    answer_mapping_reads(run);
    EXPECT_EQ(run(), 2);
    for (const char* const problem :
         {"usage.dataflow", "--map 1", R"(--map 2: the dataflow reads no column \"unread\")",
          "--map 3"}) {
        EXPECT_NE(run.err.str().find(problem), std::string::npos) << problem << run.err.str();
    }
    OneRun refused({"dataflow", "update", "f", "--map", "id=orderId"});
    refused.set_everything();
    answer_mapping_reads(refused);
    refused.transport.answer(
        200, R"({"validationResponse":[{"status":"FAILED","errors":[{"exception":"no way"}]}]})");
    EXPECT_EQ(refused(), 2);
    EXPECT_NE(refused.err.str().find("no way"), std::string::npos) << refused.err.str();
}

// What becomes of the new mapping set if the change after it does not succeed.
TEST(DataflowUpdate, ARefusedOrLostChangeAndItsMappingSet) {
    struct Case {
        int patch;   // 0: lost; -1: interrupted before it was sent
        int remove;  // 0: not sent
        int exit_code;
        const char* words;
    };
    for (const auto& one :
         std::vector<Case>{{412, 204, 7, "conflict.etag"},
                           {400, 204, 5, "Action not possible"},
                           {400, 500, 11, "the new mapping set m2 could not be removed"},
                           {500, 0, 10, "the new mapping set m2 was kept"},
                           {0, 0, 10, "the new mapping set m2 was kept"},
                           {-1, -1, 143, "the new mapping set m2 could not be removed"}}) {
        OneRun run({"dataflow", "update", "f", "--map", "id=orderId"});
        run.set_everything();
        answer_mapping_reads(run);
        run.transport.answer(200, valid);
        run.transport.answer(200, R"({"id":"m2","version":0})");
        if (one.patch == 0) {
            run.transport.fail(http::Sent::maybe);
        } else if (one.patch == -1) {
            run.signal = 15;
            run.transport.fail(http::Sent::no, "interrupted");
            run.transport.fail(http::Sent::no, "interrupted");
        } else {
            run.transport.answer(one.patch, one.patch == 412
                                                ? R"({"type":"x/FLOW-1404-412","title":"Stale"})"
                                                : refusal);
        }
        if (one.remove > 0) {
            run.transport.answer(one.remove, "");
        }
        for (int looks = one.remove == 500 ? 3 : 0; looks > 0; --looks) {
            run.transport.answer(200, R"({"id":"m2"})");
        }
        EXPECT_EQ(run(), one.exit_code) << run.err.str();
        EXPECT_NE(run.err.str().find(one.words), std::string::npos) << run.err.str();
        EXPECT_EQ(run.out.str(), "");
    }
}

TEST(DataflowUpdate, CannotProposeAMapping) {
    OneRun run({"dataflow", "update", "f", "--map", "auto"});
    run.set_everything();
    answer_mapping_reads(run);
    EXPECT_EQ(run(), 2);
    EXPECT_NE(run.err.str().find("--map auto can be used only in dataflow create"),
              std::string::npos)
        << run.err.str();
}

TEST(DataflowUpdate, ALostMappingSetChangesNoDataflow) {
    OneRun run({"dataflow", "update", "f", "--map", "id=orderId"});
    run.set_everything();
    answer_mapping_reads(run);
    run.transport.answer(200, valid);
    run.transport.fail(http::Sent::maybe);
    EXPECT_EQ(run(), 10);
    EXPECT_NE(run.err.str().find("the mapping set may or may not have been created"),
              std::string::npos)
        << run.err.str();
    EXPECT_NE(run.err.str().find(R"("hint":"run the command again: an unused mapping set)"),
              std::string::npos)
        << run.err.str();
}

TEST(DataflowUpdate, ADryRunChecksAndShowsBothRequests) {
    OneRun run({"dataflow", "update", "f", "--map", "id=orderId", "--dry-run"});
    run.set_everything();
    answer_mapping_reads(run);
    run.transport.answer(200, valid);
    EXPECT_EQ(run(), 0) << run.err.str();
    const Json shown = json::parse(run.out.str());
    ASSERT_EQ(shown.size(), 2U);
    EXPECT_EQ(shown[0]["method"], "POST");
    EXPECT_EQ(shown[0]["body"]["mappings"][0]["destination"], "orderId");
    EXPECT_EQ(shown[1]["method"], "PATCH");
    EXPECT_EQ(shown[1]["body"][0]["value"]["params"]["mappingId"], "ID of the mapping set");
}

TEST(DataflowUpdate, WhatTheServiceFixesNeedsANewDataflow) {
    for (const std::string flag : {"--table", "--columns", "--filter", "--into", "--delta",
                                   "--connection-name", "--start", "--once", "--no-backfill"}) {
        OneRun run({"dataflow", "update", "f", flag});
        if (flag != "--once" && flag != "--no-backfill") {
            run.args.emplace_back("x");
        }
        run.set_everything();
        EXPECT_EQ(run(), 2) << flag;
        EXPECT_NE(run.err.str().find("create a new dataflow"), std::string::npos) << run.err.str();
    }
    OneRun once({"dataflow", "update", "f", "--every", "1d"});
    once.set_everything();
    once.transport.answer(200, flow_document(runs_once));
    EXPECT_EQ(once(), 2);
    EXPECT_NE(once.err.str().find("create a new dataflow"), std::string::npos) << once.err.str();
}

TEST(DataflowUpdate, WithoutAChangeNothingIsRead) {
    for (const auto& args : std::vector<std::vector<std::string>>{
             {}, {"--map", "a=b", "--mapping", "file.csv"}, {"--if-match", "1"}}) {
        OneRun run({"dataflow", "update", "f"});
        run.args.insert(run.args.end(), args.begin(), args.end());
        run.set_everything();
        EXPECT_EQ(run(), 2) << run.err.str();
    }
}

TEST(DataflowUpdate, ASecretInAMappingFileIsRefused) {
    const std::string shaped = std::string("GOC") + "SPX-made-up-secret-1";
    const std::string known = "made-up-access-token";
    for (const auto& text :
         {"\"" + shaped + "\",city", "id," + shaped,
          R"([{"sourceType":"STATIC","source":"x )" + known + R"(","destination":"city"}])"}) {
        const test::TemporaryFile file(text);
        OneRun run({"dataflow", "update", "f", "--mapping", file.path()});
        run.set_everything();
        answer_mapping_reads(run);
        EXPECT_EQ(run(), 3) << run.err.str();
        const bool is_known = text.find(known) != std::string::npos;
        EXPECT_NE(run.err.str().find(is_known ? "contains the value of --access-token"
                                              : "contains a Google client secret"),
                  std::string::npos)
            << run.err.str();
        EXPECT_EQ(run.err.str().find(is_known ? known : shaped), std::string::npos);
    }
}

// --- run and retry

std::string run_document(const std::string& id, const std::string& status,
                         const std::string& counts = R"("inputRecordCount":3)") {
    return R"({"items":[{"id":")" + id +
           R"(","flowId":"f","metrics":{"statusSummary":{"status":")" + status +
           R"("},"recordSummary":{)" + counts + "}}}]}";
}

TEST(DataflowRun, TheRowsSinceTheLastSuccess) {
    for (const bool is_list : {true, false}) {
        OneRun run({"dataflow", "run", "f", "--delta", "changed"});
        run.set_everything();
        Json changes = runs_once;
        changes["lastRunDetails"] = {
            {"id", "r0"}, {"state", "success"}, {"startedAtUTC", 1'613'079'975'512}};
        run.transport.answer(200, flow_document(changes));
        run.transport.answer(
            201, is_list ? R"({"items":[{"id":"r","etag":"e"}]})" : R"({"id":"r","etag":"e"})");
        EXPECT_EQ(run(), 0) << run.err.str();
        EXPECT_EQ(path_of(last_request(run)), "POST /data/foundation/flowservice/runs");
        EXPECT_EQ(json::parse(last_request(run).body.reveal()), json::parse(R"({"flowId":"f",
            "params":{"startTime":60,"windowStartTime":1613079975,"windowEndTime":1613079976,
                      "deltaColumn":{"name":"changed"}}})"));
        EXPECT_EQ(run.out.str(), R"({"id":"r","dataflowId":"f","sandboxName":"prod",)"
                                 R"("outcome":"created"})"
                                 "\n");
    }
}

TEST(DataflowRun, AFailedOrUnfinishedRunCopiedNothing) {
    const auto run_of = [](const std::string& status, int started_at, int rejected = 0) {
        return Json{{"id", "r"},
                    {"flowId", "f"},
                    {"metrics",
                     {{"statusSummary", {{"status", status}}},
                      {"recordSummary", {{"failedRecordCount", rejected}}},
                      {"durationSummary", {{"startedAtUTC", started_at}}}}}};
    };
    for (const auto& [runs, start] : std::vector<std::pair<std::vector<Json>, int>>{
             {{run_of("failed", 9'000), run_of("success", 7'000), run_of("success", 5'000)}, 7},
             {{run_of("failed", 9'000), run_of("inProgress", 8'000), run_of("success", 6'000, 1)},
              6},
             {{run_of("failed", 9'000)}, 0}}) {
        for (const char* const state : {"failed", "inProgress"}) {
            OneRun run({"dataflow", "run", "f", "--dry-run"});
            run.set_everything();
            Json changes = runs_once;
            changes["lastRunDetails"] = {{"id", "r"}, {"state", state}, {"startedAtUTC", 9'000}};
            run.transport.answer(200, flow_document(changes));
            run.transport.answer(200, tests::items_of(runs));
            EXPECT_EQ(run(), 0) << run.err.str();
            EXPECT_EQ(json::parse(run.out.str())[0]["body"]["params"]["windowStartTime"], start);
        }
    }
}

TEST(DataflowRun, SinceAndTheStoredDeltaColumn) {
    for (const auto& [since, start] :
         std::vector<std::pair<std::string, int>>{{"1969-12-31", -86'400}, {"2h", -7'200}}) {
        OneRun run({"dataflow", "run", "f", "--since", since, "--dry-run"});
        run.set_everything();
        run.transport.answer(200, flow_document(runs_once));
        EXPECT_EQ(run(), 0) << run.err.str();
        const Json body = json::parse(run.out.str())[0]["body"];
        EXPECT_EQ(body["params"]["windowStartTime"], start);
        EXPECT_EQ(body["params"]["deltaColumn"]["name"], "changed");
    }
}

TEST(DataflowRun, RefusedEarly) {
    struct Case {
        std::vector<std::string> args;
        Json changes;
        const char* code;
    };
    Json no_delta = runs_once;
    no_delta["transformations"] = Json::array();
    for (const auto& one :
         std::vector<Case>{{{}, Json::object(), "usage.not_once"},
                           {{}, no_delta, "usage.missing_delta"},
                           {{"--delta", "other"}, runs_once, "usage.fixed"},
                           {{"--since", "1970-01-02"}, runs_once, "usage.invalid_value"}}) {
        OneRun run({"dataflow", "run", "f"});
        run.args.insert(run.args.end(), one.args.begin(), one.args.end());
        run.set_everything();
        run.transport.answer(200, flow_document(one.changes));
        EXPECT_EQ(run(), 2) << one.code;
        EXPECT_NE(run.err.str().find(one.code), std::string::npos) << run.err.str();
    }
}

TEST(DataflowRun, TheExitCodeTellsHowTheRunEnded) {
    struct Case {
        const char* status;
        const char* counts;
        int exit_code;
        std::string state;  // empty: not known
        std::string words = "";
    };
    for (const auto& one : std::vector<Case>{
             {"success", R"("inputRecordCount":3,"outputRecordCount":3)", 0, "succeeded"},
             {"success", R"("inputRecordCount":3,"failedRecordCount":1)", 11, "partly"},
             {"failed", R"("failedInfo":[{"code":"2200","message":"Not found: Table x"}])", 5,
              "failed", "bqconn explore b lists the tables"},
             {"inProgress", "", 8, ""}}) {
        OneRun run({"dataflow", "run", "f", "--wait", "--wait-timeout", "1s"});
        run.set_everything();
        run.transport.answer(200, flow_document(runs_once));
        run.transport.answer(201, R"({"id":"r"})");
        for (int reads = one.exit_code == 8 ? 3 : 1; reads > 0; --reads) {
            run.transport.answer(200, run_document("r", one.status, one.counts));
        }
        EXPECT_EQ(run(), one.exit_code) << run.err.str();
        EXPECT_NE(run.err.str().find(one.words), std::string::npos) << run.err.str();
        const Json document = json::parse(run.out.str());
        EXPECT_EQ(document.at("id"), "r") << "the run was started";
        EXPECT_EQ(document.value("state", ""), one.state);
        EXPECT_EQ(document.contains("written"), !one.state.empty());
    }
}

TEST(DataflowRun, LostOrWithoutAnId) {
    for (const bool is_lost : {true, false}) {
        OneRun run({"dataflow", "run", "f", "--wait"});
        run.set_everything();
        run.transport.answer(200, flow_document(runs_once));
        if (is_lost) {
            run.transport.fail(http::Sent::maybe);
        } else {
            run.transport.answer(201, "{}");
        }
        EXPECT_EQ(run(), 10) << run.err.str();
        EXPECT_NE(run.err.str().find("bqconn dataflow runs f"), std::string::npos) << run.err.str();
        EXPECT_EQ(run.transport.requests().size(), 2U);
    }
}

TEST(DataflowRetry, AFailedOrEmptyRun) {
    for (const auto& [status, counts] : std::vector<std::pair<std::string, std::string>>{
             {"failed", ""}, {"success", R"("inputRecordCount":0)"}}) {
        OneRun run({"dataflow", "retry", "r", "--wait", "-o", "id"});
        run.set_everything();
        run.transport.answer(200, run_document("r", status, counts));
        run.transport.answer(200, flow_document());
        run.transport.answer(200, R"({"id":"r2","etag":"e"})");
        run.transport.answer(200, run_document("r2", "success"));
        EXPECT_EQ(run(), 0) << run.err.str();
        EXPECT_EQ(path_of(run.transport.requests()[2]),
                  "POST /data/foundation/flowservice/runs/r/action?op=re-trigger");
        EXPECT_EQ(run.out.str(), "r2\n");
    }
}

TEST(DataflowRetry, RefusedEarly) {
    for (const auto& [status, words] : std::vector<std::pair<std::string, const char*>>{
             {"success", "has not failed (succeeded)"},
             {"inProgress", "has not ended (running)"}}) {
        OneRun run({"dataflow", "retry", "r"});
        run.set_everything();
        run.transport.answer(200, run_document("r", status));
        EXPECT_EQ(run(), 7) << status;
        EXPECT_NE(run.err.str().find("conflict.run_state"), std::string::npos) << run.err.str();
        EXPECT_NE(run.err.str().find(words), std::string::npos) << run.err.str();
    }
    OneRun disabled({"dataflow", "retry", "r"});
    disabled.set_everything();
    disabled.transport.answer(200, run_document("r", "failed"));
    disabled.transport.answer(200, flow_document({{"state", "disabled"}}));
    EXPECT_EQ(disabled(), 7);
    EXPECT_NE(disabled.err.str().find("bqconn dataflow enable f"), std::string::npos)
        << disabled.err.str();
    OneRun unknown({"dataflow", "retry", "r"});
    unknown.set_everything();
    unknown.transport.answer(
        404, R"({"type":"https://ns.adobe.com/aep/errors/FLOW-1439-404","title":"Not found"})");
    EXPECT_EQ(unknown(), 6);
    EXPECT_NE(unknown.err.str().find("not_found.run"), std::string::npos) << unknown.err.str();
    OneRun none({"dataflow", "retry"});
    none.set_everything();
    EXPECT_EQ(none(), 2);
}

TEST(DataflowRetry, LostIsUnknown) {
    OneRun run({"dataflow", "retry", "r"});
    run.set_everything();
    run.transport.answer(200, run_document("r", "failed"));
    run.transport.answer(200, flow_document());
    run.transport.answer(504, "");
    EXPECT_EQ(run(), 10) << run.err.str();
    EXPECT_NE(run.err.str().find("bqconn dataflow runs f"), std::string::npos) << run.err.str();
}

}  // namespace
}  // namespace bqconn::commands
