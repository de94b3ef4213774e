using Thalweg.Samples.Http;

// dotnet run -c Release --project samples/Http -- --model runs/iris-1 --urls http://127.0.0.1:5080
// curl -X POST http://127.0.0.1:5080/predict -H 'Content-Type: application/json' -d '{"sepal_length":5.1, ...}'
WebApplication app = PredictionServer.Build(args);
app.Run();
