USE [Sales]
GO
CREATE PROCEDURE [dbo].[usp_Find] @name NVARCHAR(100) AS
BEGIN
    DECLARE @query NVARCHAR(MAX) = N'SELECT TOP 10 * FROM [dbo].[Orders] WHERE [Name] = ''' + @name + N'''';
    EXEC (@query);
END
GO
